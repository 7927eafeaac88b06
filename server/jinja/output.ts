// Writing into a frame's buffer, with the place each piece came from.

import type { Frame } from './frame.ts'
import { strOf } from './repr.ts'
import { UnknownSignal, typeError } from './errors.ts'
import { textOf, typeNameOf } from './types.ts'
import { PyUnknown } from './value.ts'
import type { PyObject, UnknownOrigin, Value } from './value.ts'
import type { Span } from '../text/span.ts'
import type { Buffer, Piece, Source } from './runtime.ts'
import type { Trace } from './trace.ts'

/** What printing costs beside the evaluation of what is printed: about as long as this many ordinary steps take. */
const WRITE_STEPS = 2

export function write(frame: Frame, text: string, node: Span): void {
  if (text === '') return
  const { buffer, runtime } = frame
  if (runtime.level > buffer.level && runtime.because) { writeUnknown(frame, runtime.because, node); return }
  runtime.spend(WRITE_STEPS, text.length)
  if (buffer.mute) return
  if (buffer.values) { buffer.values.push(text); return }
  buffer.text += text
  if (buffer.pieces === null) return
  if (buffer.trace?.full(buffer.pieces) !== true) addPiece(buffer, pieceOf(frame, text, node, null))
  else buffer.trace.append(buffer.pieces, text)
}

function pieceOf({ unit: { source }, runtime }: Frame, text: string, node: Span, unknown: UnknownOrigin | null): Piece {
  const { start, end } = placed(source, node)
  return runtime.trace === null ? { text, start, end, unknown } : { text, start, end, unknown, sites: runtime.trace.sitesOf(source, node, runtime.stack), literal: source.at === null && 'kind' in node && node.kind === 'Text' }
}

function placed(source: Source, node: Span): Span {
  const { at } = source
  return at === null ? { start: node.start + source.offset, end: node.end + source.offset } : { start: at.start, end: at.end }
}

function addPiece({ pieces, trace }: Buffer, piece: Piece): void {
  if (pieces === null) return
  if (trace === null) pieces.push(piece)
  else trace.add(pieces, piece)
}

/** A text that a preview may know the makers of. */
function writeMade(frame: Frame, text: string, node: Span, trace: Trace): void {
  const { buffer, runtime, unit: { source } } = frame
  const pieces = runtime.level > buffer.level && runtime.because ? null : trace.piecesOf(text, part => pieceOf(frame, part, node, null))
  if (pieces === null) { write(frame, text, node); return }
  runtime.spend(0, text.length)
  buffer.text += text
  for (const piece of pieces) addPiece(buffer, { ...piece, ...placed(source, node) })
}

export function writeUnknown(frame: Frame, origin: UnknownOrigin, node: Span): void {
  const { buffer, runtime } = frame
  runtime.note(origin)
  if (buffer.values) { buffer.values.push(new PyUnknown(origin)); return }
  buffer.unknown ??= origin
  addPiece(buffer, pieceOf(frame, '', node, origin))
}

/** A value that is unknown as a whole; a preview shows what is known of it. */
function writeUnknownValue(frame: Frame, value: PyObject, origin: UnknownOrigin, node: Span): void {
  const { buffer, runtime: { trace }, unit: { source } } = frame
  const parts = trace !== null && buffer.pieces !== null && value instanceof PyUnknown ? trace.partsOf(value) : null
  if (parts === null) { writeUnknown(frame, origin, node); return }
  frame.runtime.note(origin)
  buffer.unknown ??= origin
  for (const piece of parts) addPiece(buffer, { ...piece, ...placed(source, node) })
}

/** `{{ value }}`. */
export function writeValue(frame: Frame, value: Value, node: Span): void {
  if (typeof value === 'string' && frame.buffer.values === null) {
    if (frame.buffer.trace !== null && frame.buffer.pieces !== null) writeMade(frame, value, node, frame.buffer.trace)
    else write(frame, value, node)
    return
  }
  if (typeof value === 'object' && value?.unknown) { writeUnknownValue(frame, value, value.unknown, node); return }
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
    else if (buffer.trace !== null && buffer.pieces !== null) writeMade(frame, textOf(value) ?? '', node, buffer.trace)
    else write(frame, textOf(value) ?? '', node)
  } else writeValue(frame, value, node)
  buffer.parts++
}

function unknownOf(value: Value): UnknownOrigin | null { return typeof value === 'object' && value !== null ? value.unknown : null }

/** What a macro, a block set or a filter block made of its output: `"".join(…)`. */
export function contents(buffer: Buffer): Value {
  if (buffer.bad) throw typeError(`sequence item ${buffer.bad.index}: expected str instance, ${buffer.bad.type} found`)
  if (buffer.unknown) {
    const value = new PyUnknown(buffer.unknown)
    if (buffer.trace !== null && buffer.pieces !== null) buffer.trace.rememberPart(value, buffer.pieces)
    return value
  }
  if (!buffer.values) {
    if (buffer.trace !== null && buffer.pieces !== null) buffer.trace.remember(buffer.text, buffer.pieces)
    return buffer.text
  }
  let text = ''
  for (const [i, value] of buffer.values.entries()) {
    if (typeof value === 'object' && value?.unknown) return new PyUnknown(value.unknown)
    const part = textOf(value)
    if (part === undefined) throw typeError(`sequence item ${i}: expected str instance, ${typeNameOf(value)} found`)
    text += part
  }
  return text
}

