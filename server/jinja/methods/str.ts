// All methods of str, and of Markup, which escapes its arguments and stays Markup.

import { oneArgument, refuseUnknown } from '../arguments.ts'
import { typeError } from '../errors.ts'
import { iterOf } from '../iterate.ts'
import { escape } from '../markup.ts'
import { strFormat } from '../python/format.ts'
import { PyDict, PyList, PyMarkup, PyStr, PyTuple } from '../value.ts'
import type { CallArgs, CallContext, Value } from '../value.ts'
import { typeNameOf } from '../types.ts'
import { strOf } from '../repr.ts'
import { CASE_METHODS } from './str-case.ts'
import { SEARCH_METHODS } from './str-search.ts'
import type { StrMethod } from './str-case.ts'

type Method = (self: Value, args: CallArgs, context: CallContext) => Value

const PLAIN: ReadonlyMap<string, StrMethod> = new Map([...CASE_METHODS, ...SEARCH_METHODS])

/** Methods of Markup that give text (or lists of it) in Markup. */
const STAYS_MARKUP = new Set(['upper', 'lower', 'casefold', 'swapcase', 'capitalize', 'title', 'center', 'ljust', 'rjust', 'zfill', 'expandtabs', 'strip', 'lstrip', 'rstrip', 'removeprefix', 'removesuffix', 'replace', 'join', 'split', 'rsplit', 'splitlines', 'partition', 'rpartition', 'translate'])

export const STR_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...Array.from(PLAIN, ([name, method]): [string, Method] => [name, (self, args, context) => {
    if (typeof self === 'string') return method(self, args, context)
    return self instanceof PyMarkup && STAYS_MARKUP.has(name) ? markup(method(self.text, escaped(name, args), context)) : method(strOf(self), args, context)
  }]),
  ['format', (self, args, context) => format(self, args, context)],
  ['format_map', (self, args, context) => {
    if (args.kwargs.size > 0) throw typeError('format_map() takes no keyword arguments')
    if (args.args.length !== 1) throw typeError(`format_map() takes exactly one argument (${args.args.length} given)`)
    const [mapping = null] = args.args
    refuseUnknown(mapping)
    if (!(mapping instanceof PyDict)) throw typeError(`'${typeNameOf(mapping)}' object is not a mapping`)
    return format(self, { args: [], kwargs: new Map(mapping.items().map(([key, value]) => [strOf(key), value])) }, context)
  }],
])

function format(self: Value, args: CallArgs, context: CallContext): Value {
  const access = {
    getattr: (object: Value, name: string): Value => context.attribute(object, name),
    getitem: (object: Value, key: Value): Value => context.item(object, key),
  }
  if (self instanceof PyMarkup) return new PyMarkup(strFormat(self.text, args, access, context, escape))
  return strFormat(self instanceof PyStr ? self.text : strOf(self), args, access, context)
}

function markup(value: Value): Value {
  if (typeof value === 'string') return new PyMarkup(value)
  if (value instanceof PyList) return new PyList(value.items.map(markup))
  return value instanceof PyTuple ? new PyTuple(value.items.map(markup)) : value
}

/** Which arguments markupsafe escapes before handing them on. */
function escaped(name: string, args: CallArgs): CallArgs {
  const at = name === 'replace' || name === 'center' || name === 'ljust' || name === 'rjust' ? 1 : -1
  if (name === 'join') {
    const items: Value[] = []
    const iterator = iterOf(oneArgument('Markup', 'join', args))
    for (let item = iterator.next(); item !== undefined; item = iterator.next()) items.push(escape(item).text)
    return { args: [new PyList(items)], kwargs: args.kwargs }
  }
  return at < 0 || args.args.length <= at ? args : { args: args.args.map((arg, i) => i === at ? escape(arg).text : arg), kwargs: args.kwargs }
}

