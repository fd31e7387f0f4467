// SPDX-License-Identifier: Apache-2.0

/** 138****5678, as `zuoxi.vault.masking.phone` does it; what is no telephone number of more than six digits stays. */
export function masked(text: string): string {
  if (!/^\+?[0-9]{7,}$/.test(text)) return text;
  const digits = text.replace(/^\+86/, "").replace(/^\+/, "");
  if (digits.length === 11 && digits.startsWith("1")) return `${digits.slice(0, 3)}****${digits.slice(-4)}`;
  if (digits.length <= 6) return digits;
  return digits.slice(0, 4) + "*".repeat(digits.length - 6) + digits.slice(-2);
}
