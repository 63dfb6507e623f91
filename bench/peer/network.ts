/**
 * Timbre's own network dressed so that sherpa-onnx takes it: sherpa computes 80 log mel energies itself and asks for some
 * metadata, so in front of the graph stand a Slice (the lowest 61 bands) and an Exp (back from the logarithm, which the graph
 * takes itself). Everything after is the shipped network, weight for weight: the same size, the same work. Its mel bands lie
 * elsewhere, so its embeddings mean nothing; only its speed is compared.
 */
import { bytesField, fieldsOf, numberField } from './protobuf.js';

// Field numbers of onnx.proto3 (github.com/onnx/onnx).
const modelFields = { graph: 7, metadata: 14 };
const graphFields = { node: 1, initializer: 5, input: 11 };
const int64Type = 7;
const float = 1;

export function networkForSherpa(model: Buffer, bands: number): Buffer {
  const parts = fieldsOf(model).map(({ number, whole, value }) =>
    number === modelFields.graph ? bytesField(modelFields.graph, dressed(value, bands)) : whole,
  );
  const metadata = {
    framework: 'wespeaker',
    language: 'English',
    output_dim: '192',
    sample_rate: '8000',
    normalize_samples: '1',
  };
  const entries = Object.entries(metadata).map(([key, value]) =>
    bytesField(modelFields.metadata, Buffer.concat([bytesField(1, key), bytesField(2, value)])),
  );
  return Buffer.concat([...parts, ...entries]);
}

function dressed(graph: Buffer, bands: number): Buffer {
  const fields = fieldsOf(graph);
  const first = fields.find(({ number }) => number === graphFields.input);
  if (!first) throw new Error('the model has no input');
  const inputName =
    fieldsOf(first.value)
      .find(({ number }) => number === 1)
      ?.value.toString('utf8') ?? '';
  const nodes = [
    bytesField(
      graphFields.node,
      node('Slice', ['peer_fbank', 'peer_from', 'peer_to', 'peer_axis'], 'peer_low'),
    ),
    bytesField(graphFields.node, node('Exp', ['peer_low'], inputName)),
  ];
  const constants = [int64('peer_from', 0), int64('peer_to', bands), int64('peer_axis', 2)].map((tensor) =>
    bytesField(graphFields.initializer, tensor),
  );
  const input = bytesField(graphFields.input, floatInput('peer_fbank', ['batch', 'frames', 80]));
  const rest = fields.filter((field) => field !== first).map(({ whole }) => whole);
  // Nodes must stand in an order in which each finds its inputs made.
  return Buffer.concat([...nodes, ...constants, input, ...rest]);
}

function node(opType: string, inputs: readonly string[], output: string): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => bytesField(1, name)),
    bytesField(2, output),
    bytesField(3, `peer_${opType}`),
    bytesField(4, opType),
  ]);
}

function int64(name: string, value: number): Buffer {
  const raw = Buffer.alloc(8);
  raw.writeBigInt64LE(BigInt(value));
  return Buffer.concat([
    numberField(1, 1),
    numberField(2, int64Type),
    bytesField(8, name),
    bytesField(9, raw),
  ]);
}

function floatInput(name: string, shape: readonly (string | number)[]): Buffer {
  const dims = shape.map((size) =>
    bytesField(1, typeof size === 'number' ? numberField(1, size) : bytesField(2, size)),
  );
  const tensor = Buffer.concat([numberField(1, float), bytesField(2, Buffer.concat(dims))]);
  return Buffer.concat([bytesField(1, name), bytesField(2, bytesField(1, tensor))]);
}
