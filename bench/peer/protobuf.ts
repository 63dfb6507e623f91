/** Just enough of protobuf's wire format (protobuf.dev/programming-guides/encoding) to take an ONNX model apart and put it together again. */
export interface Field {
  readonly number: number;
  /** Tag and value as they stand in the message. */
  readonly whole: Buffer;
  /** The value of a length-delimited field; empty for numbers. */
  readonly value: Buffer;
}

export function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const from = at;
    const tag = varint();
    const kind = tag & 7;
    let value: Buffer = Buffer.alloc(0);
    if (kind === 0) varint();
    else if (kind === 2) {
      const length = varint();
      value = message.subarray(at, at + length);
      at += length;
    } else at += kind === 1 ? 8 : 4;
    fields.push({ number: tag >> 3, whole: message.subarray(from, at), value });
  }
  return fields;
}

function varintBytes(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

export function bytesField(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varintBytes(number * 8 + 2), varintBytes(bytes.length), bytes]);
}

export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varintBytes(number * 8), varintBytes(value)]);
}
