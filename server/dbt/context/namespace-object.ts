// Small objects of dbt's context whose members are asked for by attribute or item: AttrDict, `flags`, `context`, `builtins`, modules.
// Members may be made lazily; a name that is not there is undefined, as in Python's getattr.

import { stringRepr } from '../../jinja/repr.ts'
import { PyFunction, PyObject, iterOfArray } from '../../jinja/value.ts'
import type { PyIter, Value } from '../../jinja/value.ts'
import { bindKnown } from './args.ts'

/** A dict whose keys are attributes too (dbt's AttrDict), or an object with a fixed set of attributes. */
export class AttributeDict extends PyObject {
  readonly typeName: string
  readonly entries: ReadonlyMap<string, Value>
  constructor(typeName: string, entries: ReadonlyMap<string, Value>) { super(); this.typeName = typeName; this.entries = entries }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override isMapping(): boolean { return this.typeName === 'AttrDict' || this.typeName === 'dict' }
  override length(): number | undefined { return this.isDict() ? this.entries.size : undefined }
  override iter(): PyIter | undefined { return this.isDict() ? iterOfArray([...this.entries.keys()]) : undefined }
  private isDict(): boolean { return this.isMapping() || this.typeName === 'dict_keys' }
  override contains(key: Value): boolean { return typeof key === 'string' && this.entries.has(key) }
  override getattr(name: string): Value | undefined {
    const value = this.entries.get(name)
    return value === undefined && name === 'get' ? getter(key => this.entries.get(key)) : value
  }
  override getitem(key: Value): Value | undefined { return typeof key === 'string' ? this.entries.get(key) : undefined }
}

/** A dict that is filled as it is asked: `context`, `builtins`, `modules.…`. */
export class LazyDict extends PyObject {
  readonly typeName: string
  private readonly names: () => readonly string[]
  private readonly find: (name: string) => Value | undefined
  constructor(typeName: string, names: () => readonly string[], find: (name: string) => Value | undefined) {
    super()
    this.typeName = typeName
    this.names = names
    this.find = find
  }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override isMapping(): boolean { return true }
  override length(): number { return this.names().length }
  override iter(): PyIter { return iterOfArray(this.names()) }
  override contains(key: Value): boolean { return typeof key === 'string' && this.find(key) !== undefined }
  override getitem(key: Value): Value | undefined { return typeof key === 'string' ? this.find(key) : undefined }
  override getattr(name: string): Value | undefined {
    if (name === 'get') return getter(key => this.find(key))
    if (name === 'keys') return new PyFunction(name, () => new AttributeDict('dict_keys', new Map(this.names().map(key => [key, key]))))
    return undefined
  }
  override repr(): string { return `{${this.names().map(name => `${stringRepr(name)}: ...`).join(', ')}}` }
}

function getter(find: (key: string) => Value | undefined): PyFunction {
  return new PyFunction('get', args => {
    const [key, fallback] = bindKnown('get', [['key'], ['default', null]], args)
    const found = typeof key === 'string' ? find(key) : undefined
    return found === undefined ? fallback ?? null : found
  })
}
