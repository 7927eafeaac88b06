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

const missing = (self: bigint | number, name: string): never => { throw new PyException('AttributeError', `'${typeNameOf(self)}' object has no attribute '${name}'`) }

export const NUMBER_METHODS: ReadonlyMap<string, NumberMethod> = new Map([
  of('conjugate', self => self),
  of('is_integer', self => typeof self === 'number' ? Number.isInteger(self) : missing(self, 'is_integer')),
  of('bit_length', self => typeof self === 'bigint' ? BigInt(self === 0n ? 0 : (self < 0n ? -self : self).toString(2).length) : missing(self, 'bit_length')),
  of('bit_count', self => typeof self === 'bigint' ? BigInt((self < 0n ? -self : self).toString(2).replace(/0/g, '').length) : missing(self, 'bit_count')),
  of('as_integer_ratio', self => typeof self === 'bigint' ? new PyTuple([self, 1n]) : ratio(self)),
])

function ratio(value: number): PyTuple {
  if (!Number.isFinite(value)) throw new PyException(Number.isNaN(value) ? 'ValueError' : 'OverflowError', `cannot convert ${floatRepr(value) === 'nan' ? 'NaN' : 'Infinity'} to integer ratio`)
  let denominator = 1n
  let scaled = value
  while (!Number.isInteger(scaled)) { scaled *= 2; denominator *= 2n }
  return new PyTuple([BigInt(scaled), denominator])
}
