// jinja2's Undefined, and dbt's of parse time, whose attributes, items and calls are undefined again instead of errors.
// Rules: jinja2 3.1 runtime.Undefined, dbt-common clients/jinja.py create_undefined.

import { PyException } from './errors.ts'
import { reprOf } from './repr.ts'
import { PyObject, PyFunction } from './value.ts'
import type { BinaryOp, HashKey, PyIter, Value } from './value.ts'
import { qualifiedTypeNameOf, textOf } from './types.ts'

/** 'run': jinja2's default; 'parse': dbt's while it parses. */
export type UndefinedMode = 'parse' | 'run'

export class PyUndefined extends PyObject {
  readonly typeName = 'Undefined'
  readonly mode: UndefinedMode
  readonly hint: string | null
  /** What was asked for the name; undefined when the name is a variable. */
  readonly owner: Value | undefined
  readonly name: Value
  readonly errorClass: string
  /** dbt's class answers `.name`, and changes it on every attribute access. */
  private shownName: Value
  constructor(mode: UndefinedMode, name: Value, owner?: Value, hint: string | null = null, errorClass = 'UndefinedError') {
    super()
    this.mode = mode
    this.name = name
    // dbt's class drops the owner and the kind of error.
    this.owner = mode === 'run' ? owner : undefined
    this.errorClass = mode === 'run' ? errorClass : 'UndefinedError'
    this.hint = hint
    this.shownName = name
  }
  override get qualifiedTypeName(): string { return this.mode === 'run' ? 'jinja2.runtime.Undefined' : 'dbt_common.clients.jinja.Undefined' }
  get message(): string {
    if (this.hint) return this.hint
    if (this.owner === undefined) return `${reprOf(this.name)} is undefined`
    const type = `${qualifiedTypeNameOf(this.owner)} object`
    const owner = this.owner === null ? 'None' : type
    return textOf(this.name) !== undefined ? `${reprOf(owner)} has no attribute ${reprOf(this.name)}` : `${owner} has no element ${reprOf(this.name)}`
  }
  fail(): never { throw new PyException(this.errorClass, this.message) }

  override getattr(name: string): Value | undefined {
    if (this.mode === 'run') {
      if (name.startsWith('_undefined_')) return null
      if (isDunder(name)) return undefined
      if (name === '_fail_with_undefined_error') return new PyFunction(name, () => this.fail())
      return this.fail()
    }
    switch (name) {
      case 'name': return this.shownName
      case 'hint': return this.hint
      case 'node': return null
      case 'unsafe_callable': case 'alters_data': return false
      default:
    }
    if (isDunder(name)) return undefined
    this.shownName = name
    return new PyUndefined('parse', name, undefined, this.hint)
  }
  override getitem(_key: Value): Value { return this.mode === 'run' ? this.fail() : this }
  override subscriptable(): boolean { return true }
  override callable(): boolean { return true }
  override call(): Value { return this.mode === 'run' ? this.fail() : this }
  override truthy(): boolean { return false }
  override length(): number { return 0 }
  override iter(): PyIter { return { next: () => undefined } }
  override equals(other: Value): boolean { return other instanceof PyUndefined && other.mode === this.mode }
  override compare(): number | undefined { return this.fail() }
  override hashKey(): HashKey { return '\0u' }
  override binary(_op: BinaryOp): Value | undefined { return this.fail() }
  override unary(): Value | undefined { return this.fail() }
  override str(): string { return '' }
  override repr(): string { return 'Undefined' }
}

function isDunder(name: string): boolean { return name.startsWith('__') && name.endsWith('__') }
