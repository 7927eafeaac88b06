// The context of mocks of render.py, in our values: whatever a template asks for is a Thing, whose text is how it came about.

import { MacroReturn } from '../../../server/jinja/errors.ts'
import { renderMacro, render } from '../../../server/jinja/evaluate.ts'
import type { RenderResult } from '../../../server/jinja/evaluate.ts'
import { PyFileMacro } from '../../../server/jinja/file-macro.ts'
import type { MacroFile } from '../../../server/jinja/file-macro.ts'
import { globalOf } from '../../../server/jinja/globals.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { reprOf, strOf } from '../../../server/jinja/repr.ts'
import { textOf, typeNameOf } from '../../../server/jinja/types.ts'
import { PyDict, PyFunction, PyList, PyObject, PyUnknown } from '../../../server/jinja/value.ts'
import type { CallArgs, HashKey, PyIter, Value } from '../../../server/jinja/value.ts'

export type RenderCase = readonly ['text', 'parse' | 'run', string] | readonly ['macro', 'things' | 'values', string, readonly string[]]
export type Rendered = readonly ['ok', string, readonly string[]] | readonly ['error', string, string, readonly string[]] | readonly ['late'] | readonly ['unknown', string]

const NOT_THERE: ReadonlySet<string> = new Set(['unsafe_callable', 'alters_data', 'jinja_pass_arg'])

class Thing extends PyObject {
  readonly typeName = 'Thing'
  override get qualifiedTypeName(): string { return '__main__.Thing' }
  private readonly path: string
  private readonly calls: string[]
  constructor(path: string, calls: string[]) { super(); this.path = path; this.calls = calls }
  private child(path: string): Thing { return new Thing(path, this.calls) }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override callable(): boolean { return true }
  override length(): number { return 2 }
  override iter(): PyIter {
    const items = [this.child(`${this.path}#0`), this.child(`${this.path}#1`)]
    return { next: () => items.shift() }
  }
  override getattr(name: string): Value | undefined {
    if (name === 'path') return this.path
    return name.startsWith('__') || NOT_THERE.has(name) ? undefined : this.child(`${this.path}.${name}`)
  }
  override getitem(key: Value): Value { return this.child(`${this.path}[${shown(key)}]`) }
  override call({ args, kwargs }: CallArgs): Value {
    const inside = [...args.map(shown), ...Array.from(kwargs, ([key, value]) => `${key}=${shown(value)}`)].join(', ')
    this.calls.push(firstCodePoints(`${this.path}(${inside})`, 300))
    return this.child(firstCodePoints(`${this.path}()`, 200))
  }
  override equals(other: Value): boolean | undefined { return other instanceof Thing && other.path === this.path }
  override hashKey(): HashKey { return `\0thing ${this.path}` }
  override binary(op: string, other: Value, reflected: boolean): Value | undefined {
    const text = op === '+' ? textOf(other) : undefined
    return text === undefined ? undefined : reflected ? text + this.str() : this.str() + text
  }
  override repr(): string { return `<${this.path}>` }
}

function firstCodePoints(text: string, count: number): string { return text.length <= count ? text : Array.from(text).slice(0, count).join('') }

function shown(value: Value): string {
  if (value instanceof PyUnknown) return '?'
  if (value === null || typeof value !== 'object' || value instanceof Thing || textOf(value) !== undefined) return reprOf(value)
  return typeNameOf(value)
}

const VALUES: readonly (() => Value)[] = [
  () => 'a_b', () => new PyList(['x', 'y']), () => new PyDict([['k', 1n], ['j', new PyList([2n])]]), () => 3n, () => null, () => true, () => '', () => 2.5,
]

const PARSE_NAMES: ReadonlySet<string> = new Set(['ref', 'source', 'config', 'var', 'env_var', 'this', 'target', 'model', 'graph', 'adapter', 'api', 'exceptions', 'log', 'flags', 'modules', 'builtins', 'tojson', 'fromjson', 'set', 'zip', 'local_md5', 'function', 'run_started_at', 'invocation_id', 'dbt', 'is_incremental'])

const giveBack = new PyFunction('return', (args) => { throw new MacroReturn(args.args[0] ?? args.kwargs.get('value') ?? null) })

export function rendered(one: RenderCase, macros: ReadonlyMap<string, MacroFile>): Rendered {
  const calls: string[] = []
  const parsing = one[0] === 'text' && one[1] === 'parse'
  const made = new Map<string, Value>([['return', giveBack], ['execute', !parsing]])
  const lookup = (name: string): Value | undefined => {
    const known = made.get(name)
    if (known !== undefined || made.has(name)) return known
    const macro = macros.get(name)
    const value = macro ? new PyFileMacro(macro, lookup) : globalOf(name) || (parsing && !PARSE_NAMES.has(name)) ? undefined : new Thing(name, calls)
    if (value !== undefined) made.set(name, value)
    return value
  }
  if (one[0] === 'text') {
    return outcome(render(parseTemplate(one[2]), { path: 'case.sql', text: one[2] }, lookup, { undefined: one[1] === 'parse' ? 'parse' : 'run' }), calls)
  }
  const macro = macros.get(one[2])
  if (!macro) return ['unknown', 'no macro']
  const args = one[3].map((name, index): Value => one[1] === 'things' ? new Thing(name, calls) : VALUES[(Array.from(name).length + index) % VALUES.length]?.() ?? null)
  return outcome(renderMacro(macro, { args, kwargs: new Map() }, lookup, { undefined: 'run' }), calls)
}

function outcome(result: RenderResult, calls: readonly string[]): Rendered {
  const [unknown] = result.unknowns
  if (unknown) return ['unknown', unknown.code]
  if (result.kind === 'error') return ['error', result.errorClass, result.message, calls]
  return ['ok', typeof result.value === 'string' ? result.value : strOf(result.value), calls]
}
