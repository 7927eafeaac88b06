// Methods of int, bool and float.

import { noArguments } from '../arguments.ts'
import { PyException } from '../errors.ts'
import { floatRepr } from '../repr.ts'
import { typeNameOf } from '../types.ts'
import { PyTuple } from '../value.ts'
import type { CallArgs, Value } from '../value.ts'

type NumberMethod = (self: bigint | number | boolean, args: CallArgs) => Value

const of = (name: string, compute: (self: bigint | number) => Value): [string, NumberMethod] => [name, (self, args) => {
  const plain = typeof self === 'boolean' ? (self ? 1n : 0n) : self
  noArguments(typeNameOf(self) === 'float' ? 'float' : 'int', name, args)
  return compute(plain)
}]

export const INT_METHODS: ReadonlyMap<string, NumberMethod> = new Map([
  of('conjugate', self => self),
  of('bit_length', self => BigInt(self === 0n ? 0 : magnitude(self).length)),
  of('bit_count', self => BigInt(magnitude(self).replace(/0/g, '').length)),
  of('as_integer_ratio', self => new PyTuple([self, 1n])),
])

export const FLOAT_METHODS: ReadonlyMap<string, NumberMethod> = new Map([
  of('conjugate', self => self),
  of('is_integer', self => Number.isInteger(self)),
  of('as_integer_ratio', self => ratio(Number(self))),
])

function magnitude(value: bigint | number): string { return (value < 0 ? -value : value).toString(2) }

function ratio(value: number): PyTuple {
  if (!Number.isFinite(value)) throw new PyException(Number.isNaN(value) ? 'ValueError' : 'OverflowError', `cannot convert ${floatRepr(value) === 'nan' ? 'NaN' : 'Infinity'} to integer ratio`)
  let denominator = 1n
  let scaled = value
  while (!Number.isInteger(scaled)) { scaled *= 2; denominator *= 2n }
  return new PyTuple([BigInt(scaled), denominator])
}
