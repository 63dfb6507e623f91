"""Writes a model folder whose network has int8 weights, from a folder that has float32 ones.

    pip install onnx==1.23.1 onnxruntime==1.30.0
    python3 bench/int8/quantise.py DIR/mel.f32 models/timbre-sv-8k-v1 models/timbre-sv-8k-v1-int8

DIR/mel.f32 is made by bench/int8/features.ts. The manifest carries the float32 model's calibration, centre and impostor tail,
which are not this one's: before it serves calls, fit them with `npx timbre-calibrate --model models/timbre-sv-8k-v1-int8 … --write`.

Weights have 7 bits, a scale for each channel, and activations 8: so no pair of products overflows the 16 bits in which
processors without VNNI add them up, and every processor gives the same embeddings. What takes next to no time stays in float32:
the first layer, the gates of the residual blocks and all that follows the pooling.
"""

import hashlib
import json
import pathlib
import shutil
import sys
import tempfile

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from onnx.version_converter import convert_version
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

FRAMES, BANDS, SEGMENTS = 300, 61, 64
FLOAT32 = ["/n/t.0/Conv", *(f"/n/r.{block}/s{layer}/Conv" for block in (0, 1) for layer in (1, 2))]
mel_file, source, target = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
segments = np.fromfile(mel_file, np.float32).reshape(-1, FRAMES, BANDS)
picked = np.random.default_rng(1).choice(len(segments), SEGMENTS, replace=False)


class Ranges(CalibrationDataReader):
    """Real segments, from which the range of every activation is read."""

    def __init__(self):
        self.left = iter(picked)

    def get_next(self):
        index = next(self.left, None)
        return None if index is None else {"mel": segments[index : index + 1]}


shutil.copytree(source, target)
with tempfile.TemporaryDirectory() as scratch:
    prepared = pathlib.Path(scratch) / "prepared.onnx"
    quant_pre_process(str(source / "model.onnx"), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(target / "model.onnx"),
        Ranges(),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv"],
        nodes_to_exclude=FLOAT32,
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
    )

# What the network must give for the vectors: by ONNX's reference implementation in NumPy, which Timbre doesn't run.
# It knows this quantisation from operator set 19 on.
reference = ReferenceEvaluator(convert_version(onnx.load(target / "model.onnx"), 19))
for mel in sorted((target / "vectors").glob("*.mel.f32")):
    energies = np.fromfile(mel, np.float32).reshape(1, -1, BANDS)
    (embedding,) = reference.run(None, {"mel": energies})
    embedding.astype(np.float32).tofile(str(mel).replace(".mel.", ".embedding."))

manifest = json.loads((target / "manifest.json").read_text())
digest = hashlib.sha256((target / "model.onnx").read_bytes()).hexdigest()
text = (target / "manifest.json").read_text().replace(manifest["sha256"], digest)
(target / "manifest.json").write_text(text.replace(f'"id": "{manifest["id"]}"', f'"id": "{target.name}"'))
print(f"{target}: sha256 {digest}; calibrate it before it serves calls")
