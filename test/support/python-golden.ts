// Compares Jinja expressions with what real Python answered (test/golden/python, made by test/conformance/python/golden.py).

import { readFileSync } from 'node:fs'
import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { bind } from '../../server/jinja/arguments.ts'
import { render, type RenderResult } from '../../server/jinja/evaluate.ts'
import { parseTemplate } from '../../server/jinja/parse.ts'
import { strOf } from '../../server/jinja/repr.ts'
import { PyFunction, PyNamespace, PyTuple, type Value } from '../../server/jinja/value.ts'
import { datetimeModule } from '../../server/jinja/python/datetime-module.ts'
import { itertoolsModule } from '../../server/jinja/python/itertools.ts'
import { jsonDumps } from '../../server/jinja/python/json-dumps.ts'
import { jsonLoads } from '../../server/jinja/python/json.ts'
import { md5 } from '../../server/jinja/python/md5.ts'
import { pytzModule } from '../../server/jinja/python/pytz.ts'
import { reModule } from '../../server/jinja/python/re.ts'
import { yamlDump } from '../../server/jinja/python/yaml-dump.ts'

interface Row { readonly expression: string; readonly text?: string; readonly error?: string; readonly message?: string }

/** One test for each expression of the file, to be run by the caller; those that differ are named with both answers. */
export function testAgainstPython(name: string): Test {
  const test = suite(`python ${name}`)
  const rows = JSON.parse(readFileSync(new URL(`../golden/python/${name}.json`, import.meta.url), 'utf8')) as Row[]
  for (const row of rows) {
    test(row.expression, () => assert.is(show(evaluate(row.expression)), expected(row)))
  }
  return test
}

function expected({ text, error, message }: Row): string {
  return text ?? `${error}: ${message}`
}

function show(result: RenderResult): string {
  if (result.kind === 'error') return `${result.errorClass}: ${result.message}`
  return result.unknowns.length > 0 ? `unknown: ${result.unknowns.map(({ message }) => message).join()}` : result.text
}

/** `{{ expression }}` with Python's modules in reach. */
export function evaluate(expression: string): RenderResult {
  return render(parseTemplate(`{{ ${expression} }}`), { path: 'test' }, name => context.get(name), { undefined: 'run' })
}

const context = new Map<string, Value>([
  ['modules', namespace({ re: reModule(), datetime: datetimeModule(), itertools: itertoolsModule(), pytz: pytzModule() })],
  ['json_dumps', new PyFunction('dumps', (args, call) => {
    const [value = null, sortKeys = false, indent = null, separators = null, ensureAscii = true] = bind('dumps', [['obj'], ['sort_keys', false], ['indent', null], ['separators', null], ['ensure_ascii', true]], args)
    return jsonDumps(value, {
      sortKeys: sortKeys === true, ensureAscii: ensureAscii === true, ...(indent === null ? {} : { indent: ' '.repeat(Number(indent)) }),
      ...(separators instanceof PyTuple ? { separators: [strOf(separators.items[0] ?? null), strOf(separators.items[1] ?? null)] as const } : {}),
    }, call)
  })],
  ['json_loads', new PyFunction('loads', ({ args }, call) => jsonLoads(args[0] ?? null, call))],
  ['yaml_dump', new PyFunction('yaml_dump', (args, call) => {
    const [value = null, sortKeys = false] = bind('yaml_dump', [['value'], ['sort_keys', false]], args)
    return yamlDump(value, sortKeys === true, call)
  })],
  ['md5', new PyFunction('md5', ({ args }) => md5(strOf(args[0] ?? null)))],
  ['inf', Infinity], ['nan', NaN],
])

function namespace(modules: Record<string, ReadonlyMap<string, Value>>): Value {
  const out = new PyNamespace()
  for (const [name, members] of Object.entries(modules)) {
    const module = new PyNamespace()
    for (const [member, value] of members) module.attributes.set(member, value)
    out.attributes.set(name, module)
  }
  return out
}

