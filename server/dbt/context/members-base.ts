// The members that every Jinja context of dbt has (context/base.py BaseContext): conversions, log, return, flags, modules …
// Nothing here knows of a node; what only the running dbt can say is unknown.

import { PyException, MacroReturn, UnknownSignal } from '../../jinja/errors.ts'
import { contains, hashed } from '../../jinja/compare.ts'
import { PyIterator, iterOf, listOf, tryIter } from '../../jinja/iterate.ts'
import { jsonDumps } from '../../jinja/python/json-dumps.ts'
import { md5 } from '../../jinja/python/md5.ts'
import { yamlDump } from '../../jinja/python/yaml-dump.ts'
import { strOf } from '../../jinja/repr.ts'
import { PySet } from '../../jinja/set.ts'
import { textOf, typeNameOf } from '../../jinja/types.ts'
import { PyDict, PyFunction, PyList, PyObject, PyTuple, PyUnknown } from '../../jinja/value.ts'
import type { CallArgs, CallContext, Value } from '../../jinja/value.ts'
import { bindKnown } from './args.ts'
import type { Parameters } from './args.ts'
import { compilationError } from './errors.ts'
import { modulesMember } from './modules.ts'
import { AttributeDict } from './namespace-object.ts'
import type { Session } from './session.ts'
import { sharedJson } from './shared-json.ts'
import { loadYaml } from './yaml-load.ts'

/** A member of BaseContext, or undefined. */
export function baseMember(session: Session, name: string): Value | undefined {
  switch (name) {
    case 'return': return new PyFunction(name, args => { throw new MacroReturn(returned(args)) })
    case 'fromjson': return new PyFunction(name, fromJson)
    case 'tojson': return new PyFunction(name, toJson)
    case 'fromyaml': return new PyFunction(name, fromYaml)
    case 'toyaml': return new PyFunction(name, toYaml)
    case 'set': return new PyFunction(name, (args, context) => {
      const [value, fallback] = bindKnown('BaseContext._set', [['value'], ['default', null]], args)
      return typeErrors(() => setOf(value ?? null, context), () => fallback ?? null)
    })
    case 'set_strict': return new PyFunction(name, (args, context) => {
      const [value] = bindKnown('BaseContext.set_strict', [['value']], args)
      return typeErrors(() => setOf(value ?? null, context), message => { throw compilationError(message, 'compilation-error', 'SetStrictWrongTypeError') })
    })
    case 'zip': return new PyFunction(name, (args, context) => {
      const fallback = args.kwargs.get('default') ?? null
      for (const key of args.kwargs.keys()) if (key !== 'default') throw new PyException('TypeError', `BaseContext._zip() got an unexpected keyword argument '${key}'`)
      return typeErrors(() => zip(args.args, context), () => fallback)
    })
    case 'zip_strict': return new PyFunction(name, (args, context) => typeErrors(() => zip(args.args, context), message => { throw compilationError(message, 'compilation-error', 'ZipStrictWrongTypeError') }))
    case 'log': return new PyFunction(name, args => { silent('BaseContext.log', [['msg'], ['info', false]], args); return '' })
    case 'print': return new PyFunction(name, args => { silent('BaseContext.print', [['msg']], args); return '' })
    case 'run_started_at': return unknown('now', 'the moment at which dbt will start is not known')
    case 'invocation_id': return unknown('invocation', 'the invocation id is made when dbt runs')
    case 'thread_id': return unknown('invocation', 'the thread is chosen when dbt runs')
    case 'otel_trace_id': return session.world.project.rules.jinjaHas.has(name) ? new PyFunction(name, () => '0'.repeat(32)) : undefined
    case 'otel_span_id': return session.world.project.rules.jinjaHas.has(name) ? new PyFunction(name, () => '0'.repeat(16)) : undefined
    case 'modules': return modulesMember()
    case 'flags': return flagsMember(session)
    case 'diff_of_two_dicts': return new PyFunction(name, diffOfTwoDicts)
    case 'local_md5': return new PyFunction(name, (args, context) => {
      const [value] = bindKnown('BaseContext.local_md5', [['value']], args)
      const text = textOf(value ?? null)
      if (text === undefined) throw new PyException('AttributeError', `'${typeNameOf(value ?? null)}' object has no attribute 'encode'`)
      context.spend(text.length >> 4)
      return md5(text)
    })
    default: return undefined
  }
}

function unknown(code: string, message: string): PyUnknown { return new PyUnknown({ code, message, stack: [] }, true) }

// An unknown may be returned, logged and printed like anything else.
function returned(args: CallArgs): Value {
  const [only] = args.args
  const given = only ?? args.kwargs.get('data')
  if (args.args.length + args.kwargs.size === 1 && given !== undefined) return given
  return bindKnown('BaseContext._return', [['data']], args)[0] ?? null
}

function silent(name: string, parameters: Parameters, args: CallArgs): void {
  bindKnown(name, parameters, { args: args.args.map(withoutUnknown), kwargs: new Map(Array.from(args.kwargs, ([key, value]) => [key, withoutUnknown(value)])) })
}

function withoutUnknown(value: Value): Value { return value instanceof PyObject && value.unknown ? null : value }

function fromJson(args: CallArgs, context: CallContext): Value {
  const [value, fallback] = bindKnown('BaseContext.fromjson', [['string'], ['default', null]], args)
  const text = textOf(value ?? null)
  if (text === undefined) throw new PyException('TypeError', `the JSON object must be str, bytes or bytearray, not ${typeNameOf(value ?? null)}`)
  return caught(['ValueError', 'JSONDecodeError', 'UnicodeDecodeError'], () => sharedJson(text, context), fallback ?? null)
}

function toJson(args: CallArgs, context: CallContext): Value {
  const [value, fallback, sortKeys] = bindKnown('BaseContext.tojson', [['value'], ['default', null], ['sort_keys', false]], args)
  return caught(['ValueError'], () => jsonDumps(value ?? null, { sortKeys: isTrue(sortKeys ?? false) }, context), fallback ?? null)
}

function fromYaml(args: CallArgs, context: CallContext): Value {
  const [value, fallback] = bindKnown('BaseContext.fromyaml', [['value'], ['default', null]], args)
  const text = textOf(value ?? null)
  if (text === undefined) return fallback ?? null
  context.spend(text.length)
  const loaded = loadYaml(text)
  return loaded === undefined ? fallback ?? null : loaded
}

function toYaml(args: CallArgs, context: CallContext): Value {
  const [value, fallback, sortKeys] = bindKnown('BaseContext.toyaml', [['value'], ['default', null], ['sort_keys', false]], args)
  return caught(['ValueError', 'RepresenterError', 'YAMLError'], () => yamlDump(value ?? null, isTrue(sortKeys ?? false), context), fallback ?? null)
}

function caught(classes: readonly string[], run: () => Value, fallback: Value): Value {
  try {
    return run()
  } catch (error) {
    if (error instanceof PyException && classes.includes(error.errorClass)) return fallback
    throw error
  }
}

function typeErrors(run: () => Value, otherwise: (message: string) => Value): Value {
  try {
    return run()
  } catch (error) {
    if (error instanceof PyException && error.errorClass === 'TypeError') return otherwise(error.message)
    throw error
  }
}

function setOf(value: Value, context: CallContext): PySet {
  const items = listOf(value)
  context.spend(items.length, items.length * 16)
  for (const item of items) hashed(item)
  return new PySet(items)
}

// zip(*args): lazy; a first argument that cannot be iterated fails at once.
function zip(args: readonly Value[], context: CallContext): Value {
  const iterators = args.map(value => {
    if (value instanceof PyObject && value.unknown) throw new UnknownSignal(value.unknown)
    const iterator = tryIter(value)
    if (!iterator) throw new PyException('TypeError', `'${typeNameOf(value)}' object is not iterable`)
    return iterator
  })
  return new PyIterator('zip', {
    next: () => {
      if (iterators.length === 0) return undefined
      context.spend(1 + (iterators.length >> 1), iterators.length * 8)
      const items: Value[] = []
      for (const iterator of iterators) {
        const item = iterator.next()
        if (item === undefined) return undefined
        items.push(item)
      }
      return new PyTuple(items)
    },
  })
}

// BaseContext.diff_of_two_dicts, with Python's casefold where it is lower-casing.
function diffOfTwoDicts(args: CallArgs): Value {
  const [left, right] = bindKnown('BaseContext.diff_of_two_dicts', [['dict_a'], ['dict_b']], args)
  if (!(left instanceof PyDict) || !(right instanceof PyDict)) throw new PyException('AttributeError', `'${typeNameOf(right instanceof PyDict ? left ?? null : right ?? null)}' object has no attribute 'items'`)
  const lowered = new Map(right.items().map(([key, values]) => [folded(key), new PyList(listOf(values).map(folded))]))
  const difference = new PyDict()
  for (const [key, values] of left.items()) {
    const others = lowered.get(folded(key))
    if (!others) { difference.set(key, values); continue }
    const kept: Value[] = []
    for (let iterator = iterOf(values), value = iterator.next(); value !== undefined; value = iterator.next()) if (!contains(others, folded(value))) kept.push(value)
    if (kept.length > 0) difference.set(key, new PyList(kept))
  }
  return difference
}

function folded(value: Value): string { return strOf(value).toLowerCase().replaceAll('ß', 'ss') }

function isTrue(value: Value): boolean { return typeof value === 'object' && value !== null ? value.truthy() : Boolean(value) }

// flags.py get_flag_obj: what the project says; the rest is said by the command that will run.
function flagsMember(session: Session): Value {
  const { flags } = session.world.project
  const known = new Map<string, Value>([
    ['FULL_REFRESH', flags.fullRefresh.value], ['STORE_FAILURES', flags.storeFailures.value], ['EMPTY', flags.empty.value], ['INTROSPECT', flags.introspect.value],
    ['STATIC_PARSER', flags.staticParser.value], ['VERSION_CHECK', flags.versionCheck.value], ['INDIRECT_SELECTION', flags.indirectSelection.value],
  ])
  for (const [name, value] of session.run?.flags ?? []) known.set(name, value)
  if (session.world.project.adapter.lacks.has('EMPTY')) known.delete('EMPTY')
  for (const name of COMMAND_FLAGS) if (!known.has(name)) known.set(name, unknown('invocation', `flags.${name} is said by the command that will run`))
  return new AttributeDict('Namespace', known)
}

const COMMAND_FLAGS = `WHICH WRITE_JSON PROFILES_DIR WARN_ERROR MAXIMUM_SEED_SIZE_MIB QUIET DEBUG LOG_FORMAT INVOCATION_COMMAND USE_COLORS FAIL_FAST PARTIAL_PARSE LOG_PATH
CACHE_SELECTED_ONLY TARGET_PATH PRINTER_WIDTH USE_EXPERIMENTAL_PARSER WARN_ERROR_OPTIONS HINTS_ENABLED SEND_ANONYMOUS_USAGE_STATS NO_PRINT LOG_CACHE_EVENTS REQUIRE_SQL_HEADER_IN_TEST_CONFIGS`.split(/\s+/)
