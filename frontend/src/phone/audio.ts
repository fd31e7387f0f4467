// SPDX-License-Identifier: Apache-2.0
/** One track that carries all the given ones: what one party of a three-way call hears. */
export function mixed(tracks: MediaStreamTrack[]): MediaStreamTrack {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  for (const track of tracks) context.createMediaStreamSource(new MediaStream([track])).connect(out);
  return out.stream.getAudioTracks()[0];
}

/** Listen to the microphone for a while; returns the loudest level heard, 0…1. Throws when it is refused. */
export async function micLevel(milliseconds: number, onLevel: (level: number) => void): Promise<number> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let loudest = 0;
  const until = performance.now() + milliseconds;
  try {
    while (performance.now() < until) {
      analyser.getFloatTimeDomainData(samples);
      const level = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      loudest = Math.max(loudest, level);
      onLevel(level);
      await new Promise((next) => setTimeout(next, 60));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
  }
  return loudest;
}
