// SPDX-License-Identifier: Apache-2.0
// Two soft tones, when a scene asks for an answer or for the card.

const tones = [[660, 0], [880, 0.22]];
const length = 0.4;
const loudness = 0.2;
let audio = null;

export function chime() {
  // Without a sound card, or before the browser allows sound, the scene is asked by sight alone.
  try {
    audio ??= new AudioContext();
    audio.resume();
    for (const [pitch, start] of tones) {
      const from = audio.currentTime + start;
      const tone = new OscillatorNode(audio, { frequency: pitch, type: "sine" });
      const gain = new GainNode(audio, { gain: 0 });
      gain.gain.linearRampToValueAtTime(loudness, from + 0.03);
      gain.gain.linearRampToValueAtTime(0, from + length);
      tone.connect(gain).connect(audio.destination);
      tone.start(from);
      tone.stop(from + length);
    }
  } catch {
    audio = null;
  }
}
