"""Writes a model folder whose network has int8 weights, from a folder that has float32 ones.

    pip install onnx==1.23.1 onnxruntime==1.30.0
    python3 bench/int8/quantise.py DIR/mel.f32 models/timbre-sv-8k-v1 DIR/timbre-sv-8k-v1-int8

DIR/mel.f32 is made by bench/int8/features.ts. The folder carries the float32 model's calibration, which is not its own: before
it serves calls, fit one with `npx timbre-calibrate --model DIR/timbre-sv-8k-v1-int8 … --write`.
"""

import hashlib
import json
import pathlib
import shutil
import sys
import tempfile

import numpy as np
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

FRAMES, BANDS, SEGMENTS = 300, 61, 64
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
        op_types_to_quantize=["Conv", "Gemm", "MatMul"],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
    )

manifest = json.loads((target / "manifest.json").read_text())
digest = hashlib.sha256((target / "model.onnx").read_bytes()).hexdigest()
text = (target / "manifest.json").read_text().replace(manifest["sha256"], digest)
(target / "manifest.json").write_text(text.replace(f'"id": "{manifest["id"]}"', f'"id": "{target.name}"'))
print(f"{target}: sha256 {digest}; calibrate it before it serves calls")
