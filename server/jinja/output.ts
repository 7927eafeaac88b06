// Writing into a frame's buffer, with the place each piece came from.

import type { Frame } from './frame.ts'
import { strOf } from './repr.ts'
import { UnknownSignal, typeError } from './errors.ts'
import { textOf, typeNameOf } from './types.ts'
import { PyUnknown } from './value.ts'
import type { UnknownOrigin, Value } from './value.ts'
import type { Span } from '../text/span.ts'
import type { Buffer } from './runtime.ts'

export function write(frame: Frame, text: string, node: Span): void {
  if (text === '') return
  const { buffer, runtime } = frame
  if (runtime.level > buffer.level && runtime.because) { writeUnknown(frame, runtime.because, node); return }
  runtime.spend(0, text.length)
  if (buffer.values) { buffer.values.push(text); return }
  buffer.text += text
  buffer.pieces?.push({ text, start: node.start + frame.unit.source.offset, end: node.end + frame.unit.source.offset, unknown: null })
}

export function writeUnknown(frame: Frame, origin: UnknownOrigin, node: Span): void {
  const { buffer, runtime } = frame
  runtime.note(origin)
  if (buffer.values) { buffer.values.push(new PyUnknown(origin)); return }
  buffer.unknown ??= origin
  buffer.pieces?.push({ text: '', start: node.start + frame.unit.source.offset, end: node.end + frame.unit.source.offset, unknown: origin })
}

/** `{{ value }}`. */
export function writeValue(frame: Frame, value: Value, node: Span): void {
  if (typeof value === 'string' && frame.buffer.values === null) { write(frame, value, node); return }
  if (typeof value === 'object' && value?.unknown) { writeUnknown(frame, value.unknown, node); return }
  if (frame.buffer.values) { frame.buffer.values.push(value); return }
  frame.runtime.at = node
  try {
    const text = strOf(value)
    frame.runtime.spend(text.length >> 3)
    write(frame, text, node)
  } catch (problem) {
    if (!(problem instanceof UnknownSignal)) throw problem
    writeUnknown(frame, frame.runtime.signalled(problem).origin, node)
  }
}

/** What a call block or filter block gives: text, or else the join of the whole buffer will raise. */
export function writeRaw(frame: Frame, value: Value, node: Span): void {
  const { buffer } = frame
  if (buffer.values === null && unknownOf(value) === null) {
    if (textOf(value) === undefined) buffer.bad ??= { index: buffer.parts, type: typeNameOf(value) }
    else write(frame, textOf(value) ?? '', node)
  } else writeValue(frame, value, node)
  buffer.parts++
}

function unknownOf(value: Value): UnknownOrigin | null { return typeof value === 'object' && value !== null ? value.unknown : null }

/** What a macro, a block set or a filter block made of its output: `"".join(…)`. */
export function contents(buffer: Buffer): Value {
  if (buffer.bad) throw typeError(`sequence item ${buffer.bad.index}: expected str instance, ${buffer.bad.type} found`)
  if (buffer.unknown) return new PyUnknown(buffer.unknown)
  if (!buffer.values) return buffer.text
  let text = ''
  for (const [i, value] of buffer.values.entries()) {
    if (typeof value === 'object' && value?.unknown) return new PyUnknown(value.unknown)
    const part = textOf(value)
    if (part === undefined) throw typeError(`sequence item ${i}: expected str instance, ${typeNameOf(value)} found`)
    text += part
  }
  return text
}

