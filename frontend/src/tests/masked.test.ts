// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { masked } from "../phone/masked";

test.each([
  ["13800005678", "138****5678"],
  ["+8613800005678", "138****5678"],
  ["02088886666", "0208*****66"],
  ["139030018", "1390***18"],
  ["1002", "1002"],
  ["95598", "95598"],
  ["Agent 1002", "Agent 1002"],
])("%s is shown as %s", (given, shown) => {
  expect(masked(given)).toBe(shown);
});
