// All tests (`is …`) of jinja2 3.1.

import { between, bind } from './arguments.ts'
import { contains, equal, hashed, ordered } from './compare.ts'
import { typeError } from './errors.ts'
import { FILTERS } from './filters/filters.ts'
import { lenOf, tryIter } from './iterate.ts'
import { isLower, isUpper } from './methods/str-case.ts'
import { binary } from './operators.ts'
import { strOf } from './repr.ts'
import type { Runtime } from './runtime.ts'
import { intOf, textOf } from './types.ts'
import { PyUndefined } from './undefined.ts'
import { PyComplex } from './numbers.ts'
import { PyMarkup, PyObject } from './value.ts'
import type { CallArgs, Value } from './value.ts'

export type TestFunction = (runtime: Runtime, value: Value, args: CallArgs) => Value

const of = (name: string, run: (value: Value, runtime: Runtime) => boolean): TestFunction => (runtime, value, args) => {
  const [only = null] = bind(name, [['value']], { args: [value, ...args.args], kwargs: args.kwargs })
  return run(only, runtime)
}

const two = (name: string, second: string, run: (value: Value, other: Value, runtime: Runtime) => boolean): TestFunction => (runtime, value, args) => {
  const [first = null, other = null] = bind(name, [['value'], [second]], { args: [value, ...args.args], kwargs: args.kwargs })
  return run(first, other, runtime)
}

const operator = (name: string, run: (left: Value, right: Value) => boolean): TestFunction => (_runtime, value, args) => {
  if (args.kwargs.size > 0) throw typeError(`_operator.${name}() takes no keyword arguments`)
  const [left = null, right = null] = between('', name, { args: [value, ...args.args], kwargs: args.kwargs }, 2, 2)
  return run(left, right)
}

const eq = operator('eq', (left, right) => equal(left, right))
const ne = operator('ne', (left, right) => !equal(left, right))
const lt = operator('lt', (left, right) => ordered('<', left, right))
const le = operator('le', (left, right) => ordered('<=', left, right))
const gt = operator('gt', (left, right) => ordered('>', left, right))
const ge = operator('ge', (left, right) => ordered('>=', left, right))

const isNumber = (value: Value): boolean => typeof value === 'number' || intOf(value) !== undefined || value instanceof PyComplex || (value instanceof PyObject && (value.typeName === 'Decimal' || value.typeName === 'RegexFlag'))

export const TESTS: ReadonlyMap<string, TestFunction> = new Map<string, TestFunction>([
  ['odd', of('test_odd', (value, runtime) => equal(binary('%', value, 2n, runtime), 1n))],
  ['even', of('test_even', (value, runtime) => equal(binary('%', value, 2n, runtime), 0n))],
  ['divisibleby', two('test_divisibleby', 'num', (value, by, runtime) => equal(binary('%', value, by, runtime), 0n))],
  ['defined', of('test_defined', value => !(value instanceof PyUndefined))],
  ['undefined', of('test_undefined', value => value instanceof PyUndefined)],
  ['filter', (_runtime, value, args) => { const [name = null] = bind('test_filter', [['value']], { args: [value, ...args.args], kwargs: args.kwargs }, ['env']); return isNamed(FILTERS, name) }],
  ['test', (_runtime, value, args) => { const [name = null] = bind('test_test', [['value']], { args: [value, ...args.args], kwargs: args.kwargs }, ['env']); return isNamed(TESTS, name) }],
  ['none', of('test_none', value => value === null)],
  ['boolean', of('test_boolean', value => typeof value === 'boolean')],
  ['false', of('test_false', value => value === false)],
  ['true', of('test_true', value => value === true)],
  ['integer', of('test_integer', value => typeof value === 'bigint')],
  ['float', of('test_float', value => typeof value === 'number')],
  ['lower', of('test_lower', value => isLower(strOf(value)))],
  ['upper', of('test_upper', value => isUpper(strOf(value)))],
  ['string', of('test_string', value => textOf(value) !== undefined)],
  ['mapping', of('test_mapping', value => value instanceof PyObject && value.isMapping())],
  ['number', of('test_number', isNumber)],
  ['sequence', of('test_sequence', value => lenOf(value) !== undefined && (textOf(value) !== undefined || (value instanceof PyObject && value.subscriptable())))],
  ['iterable', of('test_iterable', value => tryIter(value) !== undefined)],
  ['callable', (_runtime, value, { args, kwargs }) => {
    if (kwargs.size > 0) throw typeError('callable() takes no keyword arguments')
    if (args.length > 0) throw typeError(`callable() takes exactly one argument (${args.length + 1} given)`)
    return value instanceof PyObject && value.callable()
  }],
  ['sameas', two('test_sameas', 'other', sameAs)],
  ['escaped', of('test_escaped', value => value instanceof PyMarkup)],
  ['in', two('test_in', 'seq', (value, seq) => contains(seq, value))],
  ['==', eq], ['eq', eq], ['equalto', eq],
  ['!=', ne], ['ne', ne],
  ['>', gt], ['gt', gt], ['greaterthan', gt],
  ['ge', ge], ['>=', ge],
  ['<', lt], ['lt', lt], ['lessthan', lt],
  ['<=', le], ['le', le],
])

function isNamed(table: ReadonlyMap<string, unknown>, name: Value): boolean {
  hashed(name)
  return table.has(textOf(name) ?? '')
}

/** Small ints, None and booleans are one object in CPython; larger ints and floats are not, unless one constant made both. */
function sameAs(value: Value, other: Value): boolean {
  if (typeof value === 'bigint' && typeof other === 'bigint') return value === other && value >= -5n && value <= 256n
  return typeof value === 'number' ? Object.is(value, other) : value === other
}
