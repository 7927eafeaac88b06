// jinja2's own global names: range, dict, namespace, cycler, joiner, lipsum. A context that has the name wins.

import { bind, index } from './arguments.ts'
import { PyException, typeError, valueError } from './errors.ts'
import { PyRange } from './iterate.ts'
import { fill } from './methods/dict.ts'
import { strOf } from './repr.ts'
import { PyDict, PyFunction, PyNamespace, PyObject, PyTuple, PyUnknown } from './value.ts'
import type { CallArgs, CallContext, Value } from './value.ts'
import { textOf } from './types.ts'

/** The sandbox's limit on `range`. */
const MAX_RANGE = 100_000n

export function globalOf(name: string): Value | undefined { return GLOBALS.get(name) }

/** A type used as a function: `dict`, `cycler` … */
class PyType extends PyFunction {
  override get typeName(): string { return 'type' }
  private readonly shown: string
  constructor(name: string, shown: string, invoke: (args: CallArgs, context: CallContext) => Value) {
    super(name, invoke)
    this.shown = shown
  }
  override getattr(name: string): Value | undefined {
    if (name === 'fromkeys' && this.name === 'dict') return new PyFunction('fromkeys', (args, context) => context.call(context.attribute(new PyDict(), 'fromkeys'), args))
    return undefined
  }
  override repr(): string { return `<class '${this.shown}'>` }
}

const GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['range', new PyFunction('range', range)],
  ['dict', new PyType('dict', 'dict', (args, context) => {
    if (args.args.length > 1) throw typeError(`dict expected at most 1 argument, got ${args.args.length}`)
    const dict = new PyDict()
    fill(dict, args, context)
    return dict
  })],
  ['namespace', new PyType('namespace', 'jinja2.utils.Namespace', (args, context) => {
    const dict = new PyDict()
    if (args.args.length > 1) throw typeError(`dict expected at most 1 argument, got ${args.args.length}`)
    fill(dict, args, context)
    const namespace = new PyNamespace()
    for (const [key, value] of dict.items()) namespace.attributes.set(textOf(key) ?? strOf(key), value)
    return namespace
  })],
  ['cycler', new PyType('cycler', 'jinja2.utils.Cycler', ({ args, kwargs }) => {
    const [unexpected] = kwargs.keys()
    if (unexpected !== undefined) throw typeError(`Cycler.__init__() got an unexpected keyword argument '${unexpected}'`)
    if (args.length === 0) throw new PyException('RuntimeError', 'at least one item has to be provided')
    return new PyCycler(args)
  })],
  ['joiner', new PyType('joiner', 'jinja2.utils.Joiner', args => {
    const [separator = ', '] = bind('Joiner.__init__', [['sep', ', ']], args, ['self'])
    return new PyJoiner(separator)
  })],
  ['lipsum', new PyFunction('lipsum', (args, context) => {
    bind('generate_lorem_ipsum', [['n', 5n], ['html', true], ['min', 20n], ['max', 100n]], args)
    return new PyUnknown({ code: 'random', message: 'lipsum() makes random text', stack: context.stack })
  })],
])

function range(args: CallArgs): PyRange {
  if (args.kwargs.size > 0) throw typeError(`safe_range() got an unexpected keyword argument '${Array.from(args.kwargs.keys())[0] ?? ''}'`)
  const { length } = args.args
  if (length === 0) throw typeError('range expected at least 1 argument, got 0')
  if (length > 3) throw typeError(`range expected at most 3 arguments, got ${length}`)
  const [first = 0n, second, third = 1n] = args.args.map(index)
  if (third === 0n) throw valueError('range() arg 3 must not be zero')
  const made = second === undefined ? new PyRange(0n, first, 1n) : new PyRange(first, second, third)
  if (made.count() > 2n ** 63n - 1n) throw new PyException('OverflowError', 'Python int too large to convert to C ssize_t')
  if (made.count() > MAX_RANGE) throw new PyException('OverflowError', `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`)
  return made
}

class PyCycler extends PyObject {
  readonly typeName = 'Cycler'
  override get qualifiedTypeName(): string { return 'jinja2.utils.Cycler' }
  private readonly items: readonly Value[]
  private position = 0
  constructor(items: readonly Value[]) { super(); this.items = items }
  private get current(): Value { return this.items[this.position] ?? null }
  override getattr(name: string): Value | undefined {
    switch (name) {
      case 'current': return this.current
      case 'items': return new PyTuple(this.items)
      case 'pos': return BigInt(this.position)
      case 'next': return new PyFunction('next', args => {
        bind('Cycler.next', [], args, ['self'])
        const { current } = this
        this.position = (this.position + 1) % this.items.length
        return current
      })
      case 'reset': return new PyFunction('reset', args => { bind('Cycler.reset', [], args, ['self']); this.position = 0; return null })
      default: return undefined
    }
  }
}

class PyJoiner extends PyObject {
  readonly typeName = 'Joiner'
  override get qualifiedTypeName(): string { return 'jinja2.utils.Joiner' }
  private readonly separator: Value
  private used = false
  constructor(separator: Value) { super(); this.separator = separator }
  override callable(): boolean { return true }
  override call(args: CallArgs): Value {
    bind('Joiner.__call__', [], args, ['self'])
    if (this.used) return this.separator
    this.used = true
    return ''
  }
  override getattr(name: string): Value | undefined { return name === 'sep' ? this.separator : name === 'used' ? this.used : undefined }
}

