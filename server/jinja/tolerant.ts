// Statements of a preview: what is broken or raises is a marked piece of the output instead of the end of everything, and values are noted.
// A plain evaluation never comes here: what dbt refuses is refused.

import { MacroReturn, PyException, UnknownSignal } from './errors.ts'
import { NORMAL } from './explore.ts'
import type { Flow } from './explore.ts'
import type { Frame, PreviewScope } from './frame.ts'
import type { Statement } from './nodes.ts'
import { writeUnknown } from './output.ts'
import { parseTemplate } from './parse.ts'
import { strOf } from './repr.ts'
import { siteOf } from './runtime.ts'
import { PyUnknown } from './value.ts'
import type { UnknownOrigin, Value } from './value.ts'
import type { Span } from '../text/span.ts'

/** The code of a piece that dbt would refuse; its message is Jinja's or dbt's. */
export const BROKEN = 'broken'

type Execute = (frame: Frame) => Flow
type Assign = (frame: Frame, value: Value) => void

interface Compiling {
  /** The statement as it is run when nothing is wrong with it. */
  readonly make: () => Execute
  readonly body: (statements: readonly Statement[]) => Execute
  /** Stores into the variables of a `set`. */
  readonly assign: () => Assign
}

/** `code`: the text of the template and what its parser complained of. */
export function tolerated(node: Statement, code: PreviewScope, { make, body, assign }: Compiling): Execute {
  const broken = brokenIn(node, code)
  const given = node.kind === 'Set' || node.kind === 'SetBlock' ? safely(assign) : null
  if (broken !== null) {
    const origin = { code: BROKEN, message: broken, stack: [] }
    const tag = openingTag(node)
    const rest = tag !== node && 'body' in node ? body(node.body) : null
    return frame => {
      spoiled(frame, origin, tag, given)
      return rest ? rest(frame) : NORMAL
    }
  }
  let run: Execute
  try {
    run = make()
  } catch (problem) {
    if (!(problem instanceof PyException)) throw problem
    const origin = { code: BROKEN, message: problem.message, stack: [] }
    return frame => { spoiled(frame, origin, node, given); return NORMAL }
  }
  return frame => {
    const { runtime, slots, buffer } = frame
    const { level, source, mode } = runtime
    try {
      return run(frame)
    } catch (problem) {
      // In a branch that may not be taken an error decides nothing: explore.ts leaves that branch out.
      const origin = runtime.certain ? originOf(problem) : null
      if (origin === null) throw problem
      runtime.closeTo(level)
      runtime.source = source
      runtime.mode = mode
      frame.slots = slots
      frame.buffer = buffer
      spoiled(frame, origin, node, given)
      return NORMAL
    }
  }
}

function spoiled(frame: Frame, origin: UnknownOrigin, node: Span, assign: Assign | null): void {
  const placed = origin.stack.length > 0 ? origin : { ...origin, stack: [siteOf(frame.unit.source, node)] }
  writeUnknown(frame, placed, node)
  assign?.(frame, new PyUnknown(placed))
}

/** Null for what must end the evaluation: a blown budget. */
function originOf(problem: unknown): UnknownOrigin | null {
  if (problem instanceof UnknownSignal) return problem.origin
  if (problem instanceof MacroReturn) return { code: BROKEN, message: `return() outside of a macro: ${typeof problem.value === 'object' && problem.value?.unknown ? '?' : strOf(problem.value)}`, stack: problem.sites ?? [] }
  if (!(problem instanceof PyException) || problem.errorClass === 'BudgetExceeded' || problem.errorClass === 'RecursionError') return null
  return { code: BROKEN, message: problem.message, stack: problem.sites ?? [] }
}

/** What is wrong in a statement itself, not in the statements inside of it; null when it is whole. */
function brokenIn(node: Statement, { text, errors }: PreviewScope): string | null {
  if (node.kind === 'Text') return null
  const inside = bodiesOf(node)
  const mine = errors.find(error => error.start >= node.start && error.start <= node.end && !inside.some(part => error.start >= part.start && error.start < part.end) && !error.message.startsWith('Unexpected end of template.'))
  if (!mine) return null
  // A strict lexer complains of a later tag when an earlier one left a string open.
  return node.kind === 'Print' && parseTemplate(text.slice(node.start, node.end)).errors.length === 0 ? null : mine.message
}

function bodiesOf(node: Statement): readonly Statement[] {
  if (node.kind === 'If') return [...node.body, ...node.elif.flatMap(branch => branch.body), ...node.orelse]
  if (node.kind === 'For') return [...node.body, ...node.orelse]
  return 'body' in node ? node.body : []
}

/** Of a broken `if` only the tag is shown as it stands, and its first branch is taken. */
function openingTag(node: Statement): Span {
  const first = node.kind === 'If' ? node.body[0] : undefined
  return first && first.start > node.start ? { start: node.start, end: first.start } : node
}

function safely(make: () => Assign): Assign | null {
  try {
    return make()
  } catch (problem) {
    if (problem instanceof PyException) return null
    throw problem
  }
}
