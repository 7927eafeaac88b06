// `{% for %}`: unpacking, filter, else, recursion, the loop variable, and loops over what is not known.

import { compileExpression, unknownOf } from './evaluate-expression.ts'
import type { Evaluate } from './evaluate-expression.ts'
import { PyException, UnknownSignal } from './errors.ts'
import { compileStatements, compileTarget, inner } from './evaluate-statement.ts'
import type { Execute } from './evaluate-statement.ts'
import { BREAK, NORMAL, exploreStatements } from './explore.ts'
import type { Flow } from './explore.ts'
import { Frame, FunctionScope, entryOf, slotOf } from './frame.ts'
import type { Scope } from './frame.ts'
import { PyIterator, iterOf } from './iterate.ts'
import { LoopContext } from './loop.ts'
import type { For } from './nodes.ts'
import { contents, writeRaw } from './output.ts'
import { PySet } from './set.ts'
import { Symbols, visitExpression, visitStatements, visitTarget } from './symbols.ts'
import { truthOf } from './types.ts'
import { PyUnknown } from './value.ts'
import type { UnknownOrigin, Value } from './value.ts'
import { mentions, storesTo } from './walk-names.ts'

interface LoopCode {
  readonly node: For
  readonly enter: (frame: Frame) => void
  readonly assign: (frame: Frame, value: Value) => void
  readonly body: Execute
  readonly orelse: Execute
  readonly loopSlot: number | null
  readonly filter: ((frame: Frame, source: Value) => Value) | null
}

export function compileFor(node: For, outer: Scope): Execute {
  if (storesTo(node, 'loop')) throw new PyException('TemplateAssertionError', "Can't assign to special loop variable in for-loop target")
  const fn = node.recursive ? new FunctionScope(outer.symbols.level + 1, outer.fn) : outer.fn
  const symbols = new Symbols(outer.symbols)
  const extended = node.recursive || mentions(node.body, 'loop')
  const scope: Scope = { ...outer, symbols, fn, soft: false, loop: true }
  const loop = extended ? symbols.parameter('loop') : null
  visitTarget(symbols, node.target, true)
  visitStatements(symbols, node.body)
  const elseScope = { ...inner({ ...outer, fn }, elseSymbols => visitStatements(elseSymbols, node.orelse)), loop: outer.loop && !node.recursive }
  const enterElse = entryOf(elseScope)
  const elseBody = compileStatements(node.orelse, elseScope)
  const code: LoopCode = {
    node,
    enter: entryOf(scope),
    assign: compileTarget(node.target, scope),
    body: compileStatements(node.body, scope),
    orelse: frame => { enterElse(frame); return elseBody(frame) },
    loopSlot: loop ? slotOf(scope, loop).index : null,
    filter: node.test ? compileLoopFilter(node, outer) : null,
  }
  const iterable = compileExpression(node.iter, outer)
  return node.recursive ? recursive(code, iterable, fn) : frame => {
    const source = iterable(frame)
    frame.runtime.at = node.iter
    return runLoop(code, frame, source, null, 0)
  }
}

/** jinja2 makes the filter a generator of its own, with its own variables. */
function compileLoopFilter(node: For, outer: Scope): (frame: Frame, source: Value) => Value {
  const fn = new FunctionScope(outer.symbols.level + 1, outer.fn)
  const symbols = new Symbols(outer.symbols)
  visitTarget(symbols, node.target, true)
  if (node.test) visitExpression(symbols, node.test)
  const scope: Scope = { ...outer, symbols, fn, soft: false, loop: false }
  const assign = compileTarget(node.target, scope)
  // The generator yields its variables again: of what was unpacked comes a tuple (jinja2 compiler.py visit_For).
  const yielded = node.target.kind === 'Tuple' ? compileExpression(node.target, scope) : null
  const enter = entryOf(scope)
  const test: Evaluate = node.test ? compileExpression(node.test, scope) : () => true
  return (home, source) => {
    const frame = new Frame(fn, home, home.runtime, home.unit, home.buffer)
    enter(frame)
    const iterator = iterOf(source)
    return new PyIterator('generator', {
      next: () => {
        for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
          home.runtime.spend(1)
          assign(frame, item)
          const keep = test(frame)
          const origin = unknownOf(keep)
          if (origin) throw new UnknownSignal(origin)
          if (truthOf(keep)) return yielded ? yielded(frame) : item
        }
        return undefined
      },
    })
  }
}

function recursive(code: LoopCode, iterable: Evaluate, fn: FunctionScope): Execute {
  return frame => {
    const render = (source: Value, depth: number): Value => {
      const inside = new Frame(fn, frame, frame.runtime, frame.unit, frame.runtime.nested(frame.buffer.values !== null))
      runLoop(code, inside, source, render, depth)
      return contents(inside.buffer)
    }
    const source = iterable(frame)
    frame.runtime.at = code.node.iter
    writeRaw(frame, render(source, 0), code.node)
    return NORMAL
  }
}

type Recurse = ((source: Value, depth: number) => Value) | null

function runLoop(code: LoopCode, frame: Frame, source: Value, recurse: Recurse, depth: number): Flow {
  const origin = unknownOf(source)
  if (origin) return overUnknown(code, frame, origin, null)
  if (source instanceof PySet && !source.orderKnown()) return overSet(code, frame, source)
  const { runtime } = frame
  const level = runtime.level
  let finished = false
  try {
    const filtered = code.filter ? code.filter(frame, source) : source
    const loop = code.loopSlot === null ? null : new LoopContext(runtime, filtered, recurse, depth)
    const iterator = loop ?? iterOf(filtered)
    for (;;) {
      const item = iterator.next()
      if (item === undefined) break
      const flow = turn(code, frame, item, loop)
      if (flow === BREAK) break
      if (flow === NORMAL) finished = true
    }
  } catch (problem) {
    if (!(problem instanceof UnknownSignal)) throw problem
    // The iterator itself cannot go on: what follows in the loop may or may not run.
    closeLoop(frame, level)
    return overUnknown(code, frame, runtime.signalled(problem).origin, null)
  }
  closeLoop(frame, level)
  return finished ? NORMAL : code.orelse(frame)
}

function closeLoop(frame: Frame, level: number): void {
  const { runtime } = frame
  // A return() that may have happened keeps the rest of the macro uncertain; a mere break ends with the loop.
  if (!runtime.maybeReturned) runtime.closeTo(level)
}

function turn(code: LoopCode, frame: Frame, item: Value, loop: Value): Flow {
  frame.runtime.spend(1)
  frame.runtime.at = code.node.target
  if (code.loopSlot !== null) frame.slots[code.loopSlot] = loop
  code.assign(frame, item)
  code.enter(frame)
  return code.body(frame)
}

/** No item, or some: the body runs on an unknown item until it changes nothing more. */
function overUnknown(code: LoopCode, frame: Frame, origin: UnknownOrigin, items: readonly Value[] | null): Flow {
  const some: Execute = inside => {
    const { runtime } = inside
    const list = items ?? [new PyUnknown(origin)]
    for (let pass = 0; pass < 4; pass++) {
      const level = runtime.level
      runtime.open(origin)
      for (const item of list) {
        const flow = turn(code, inside, item, new PyUnknown(origin))
        if (flow === BREAK && items === null) break
      }
      if (!runtime.closeTo(level)) break
    }
    return NORMAL
  }
  return exploreStatements(frame, origin, code.node, items ? [some] : [code.orelse, some])
}

/** Every item comes, in an order that Python itself does not fix. */
function overSet(code: LoopCode, frame: Frame, source: PySet): Flow {
  try {
    source.ordered()
  } catch (problem) {
    if (problem instanceof UnknownSignal) return overUnknown(code, frame, frame.runtime.signalled(problem).origin, source.unordered())
    throw problem
  }
  return NORMAL
}

