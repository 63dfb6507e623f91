#!/usr/bin/env bash
# meyda 5.6.3 (npm), run on Node 20.
#
# Expected: after Meyda.sampleRate is set to 8000, mel bands are those of 8 kHz sound.
# Seen: the mel filterbank is made at the first extraction and kept. When that one was at 44,100 or 16,000 Hz, a pure tone of
# 1 kHz at 8 kHz is loudest in band 16 or 13 of 26; in a fresh process it is loudest in band 12. Nothing is said. Whoever
# hears lines of different rates in one process gets features that depend on which came first (Timbre resamples to 8 kHz
# first and sets the rate once: docs/conventions.md).
#
# Exits 0 while this is so, 1 when it changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit --ignore-scripts meyda@5.6.3 >/dev/null 2>&1
cat > loudest.cjs <<'JS'
const Meyda = require('meyda');
const tone = (rate) => Float32Array.from({ length: 512 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / rate));
Meyda.bufferSize = 512;
Meyda.melBands = 26;
const earlier = Number(process.argv[2] ?? 0);
if (earlier > 0) {
  Meyda.sampleRate = earlier;
  Meyda.extract('melBands', tone(earlier));
}
Meyda.sampleRate = 8000;
const bands = Meyda.extract('melBands', tone(8000));
console.log(bands.indexOf(Math.max(...bands)));
JS
seen="$(node loudest.cjs) $(node loudest.cjs 16000) $(node loudest.cjs 44100)"
echo "loudest mel band of 1 kHz at 8 kHz: alone, after 16 kHz, after 44.1 kHz: $seen"
[ "$seen" = "12 13 16" ]
