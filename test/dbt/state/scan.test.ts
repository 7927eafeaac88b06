// The manifest scanner: whole, in pieces of every size, and on hostile bytes; what it keeps is what JSON.parse would give.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseJson, parseShallow } from '../../../server/dbt/state/json.ts'
import { reprOf } from '../../../server/jinja/repr.ts'
import { openState } from '../../../server/dbt/state/open.ts'
import { makeScanner, scanBytes } from '../../../server/dbt/state/scan.ts'
import { WANTS_ALL, WANTS_DEFER } from '../../../server/dbt/state/wants.ts'
import type { StateManifest, StatePack, Wants } from '../../../server/dbt/state/types.ts'

const scan = suite('manifest scanner')
const real = readFileSync(path.resolve(import.meta.dirname, '../../fixtures/select/manifest.json'))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const META = '"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.12.6"}'

function opened(text: string | Uint8Array, wants: Wants = WANTS_ALL): StateManifest {
  const pack = scanBytes(typeof text === 'string' ? bytes(text) : text, wants)
  assert.ok(pack)
  const state = openState(pack, 'dir', 'dir/manifest.json')
  if ('code' in state) throw new Error(state.message)
  return state
}

/** The metadata, and of each section its entries as texts in their order. */
function entries(pack: StatePack | null): string[] {
  assert.ok(pack)
  const decoder = new TextDecoder()
  return [pack.metadata, ...pack.sections.flatMap(({ name, ids, where }) => ids.split('\0').filter((id) => id !== '').map((id, index) => {
    const bytes = pack.segments[where[index * 3] ?? -1]?.subarray(where[index * 3 + 1], where[index * 3 + 2])
    return `${name} ${id} ${decoder.decode(bytes)}`
  }))]
}

scan('keeps of a real manifest what JSON.parse gives', () => {
  const state = opened(real)
  const plain = JSON.parse(real.toString('utf8')) as { nodes: { [id: string]: { alias?: string; raw_code?: string; config: { materialized: string } } }; sources: object; functions: object; unit_tests: object }
  assert.equal(Array.from(state.nodes.ids()), Object.keys(plain.nodes))
  assert.is(state.sources.size, Object.keys(plain.sources).length)
  assert.is(state.functions.size, Object.keys(plain.functions).length)
  assert.is(state.unit_tests.size, Object.keys(plain.unit_tests).length)
  for (const [id, entry] of Object.entries(plain.nodes)) {
    const node = state.nodes.get(id)
    assert.is(node?.alias, entry.alias)
    assert.is(node?.fields.get('raw_code') ?? undefined, entry.raw_code)
    assert.is(node?.materialized, entry.config.materialized)
  }
  assert.is(state.info.schema_version, 12)
})

scan('the same in pieces of any size', () => {
  const whole = entries(scanBytes(real, WANTS_ALL))
  assert.ok(whole.length > 50)
  for (const size of [1, 2, 3, 7, 64, 1000, 65_536]) {
    const scanner = makeScanner(WANTS_ALL)
    const buffer = new Uint8Array(size)
    for (let at = 0; at < real.length; at += size) {
      const piece = real.subarray(at, at + size)
      // One buffer for all pieces, as the host does it: the scanner may not keep views of it.
      buffer.set(piece)
      assert.ok(scanner.push(buffer.subarray(0, piece.length)))
    }
    assert.equal(entries(scanner.end()), whole)
  }
})

scan('every cut of a small manifest is refused, none throws', () => {
  const text = `{${META}, "nodes": {"model.a.b": {"alias": "x\\"\\\\", "raw_code": "{\\n[", "config": {"materialized": "view"}}}}`
  for (let cut = 0; cut < text.length; cut++) assert.is(scanBytes(bytes(text.slice(0, cut)), WANTS_ALL), null, text.slice(0, cut))
  assert.is(opened(text).nodes.get('model.a.b')?.alias, 'x"\\')
})

scan('keys of the prototype are keys like others', () => {
  const state = opened(`{${META}, "__proto__": {"nodes": 1}, "nodes": {"__proto__": {"alias": "p", "__proto__": {"polluted": true}}, "constructor": {"alias": "c", "config": {"__proto__": {"polluted": true}}}}}`)
  assert.is(state.nodes.get('__proto__')?.alias, 'p')
  assert.is(state.nodes.get('constructor')?.alias, 'c')
  assert.is(state.nodes.get('toString'), undefined)
  assert.is(({} as { polluted?: boolean }).polluted, undefined)
})

scan('absurd depth, wrong brackets and foreign bytes are refused', () => {
  const deep = '['.repeat(200_000)
  for (const text of [`{"docs": ${deep}`, `{"nodes": {"a": ${'{"a":'.repeat(5000)}`, '{"a": [}', '{]', '[]', '"x"', '{} {}', '{}x', '\uFEFF{}', '<html>', '', ' ', '{"a": tru\u0000}', '{\'a\': 1}']) assert.is(scanBytes(bytes(text), WANTS_ALL), null, text.slice(0, 20))
})

scan('of two equal keys the last counts, as for Python', () => {
  const state = opened(`{${META}, "nodes": {"a": {"alias": "gone"}}, "nodes": {"b": {"alias": "1"}, "b": {"alias": "2", "alias": "3"}}}`)
  assert.equal([...state.nodes.ids()], ['b'])
  assert.is(state.nodes.get('b')?.alias, '3')
})

scan('a control character in a text is no JSON; a key of no end is stepped over', () => {
  assert.is(scanBytes(bytes(`{${META}, "docs": "a\nb"}`), WANTS_ALL), null)
  const long = 'k'.repeat(300_000)
  assert.equal([...opened(`{${META}, "${long}": {"a": {"alias": "x"}}, "nodes": {"${long}": {"alias": "x"}, "b": {"${long}": 1, "alias": "y"}}}`).nodes.ids()], ['b'])
})

scan('wrong types are absent, not fatal', () => {
  const state = opened(`{${META}, "nodes": {"a": 1, "b": [], "c": {"name": 5, "config": [], "schema": null, "version": {}}, "d": null, "e": "x"}, "sources": [1, {"x": 2}], "macros": "no", "disabled": {"q": {"x": 1}, "r": [1, {"name": "off"}, "]"]}}`)
  assert.is(state.nodes.get('a'), undefined)
  assert.is(state.nodes.get('b'), undefined)
  assert.is(state.nodes.get('c')?.name, '')
  assert.is(state.nodes.get('c')?.version, null)
  assert.is(state.sources.size, 0)
  assert.is(state.disabled.get('r')?.[0]?.get('name'), 'off')
})

scan('escaped keys and ids, emoji, and a long string across pieces', () => {
  const long = 'é\\"😀'.repeat(100_000)
  const state = opened(`{${META}, "no\\u0064es": {"mod\\u0065l.a.b": {"raw_code": "${long}", "alias": "😀"}}}`)
  assert.is(state.nodes.get('model.a.b')?.alias, '😀')
  assert.is(state.nodes.get('model.a.b')?.fields.get('raw_code'), 'é"😀'.repeat(100_000))
})

scan('raw_sql of v4 … v6 is raw_code, and fields not asked for are not there', () => {
  const state = opened(`{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v5.json"}, "nodes": {"model.a.b": {"raw_sql": "select 1", "compiled_sql": "x"}}}`)
  assert.is(state.nodes.get('model.a.b')?.fields.get('raw_code'), 'select 1')
  assert.is(state.nodes.get('model.a.b')?.fields.has('compiled_sql'), false)
  assert.is(opened(real, WANTS_DEFER).macros.size, 0)
})

scan('no schema version is dbt\'s internal error', () => {
  const pack = scanBytes(bytes('{"nodes": {}}'), WANTS_ALL)
  const state = pack ? openState(pack, 'd', 'd/manifest.json') : null
  assert.ok(state && 'code' in state)
  assert.is(state.message, 'Internal Error\n  Artifact is missing schema version')
})

scan('json errors in Python\'s words', () => {
  const message = (text: string): string => { const parsed = parseJson(text); return parsed.ok ? 'fine' : parsed.message }
  assert.is(message('{"metadata": nope}'), 'Expecting value: line 1 column 14 (char 13)')
  assert.is(message('{"a" 1}'), "Expecting ':' delimiter: line 1 column 6 (char 5)")
  assert.is(message('{"a": 1 "b"}'), "Expecting ',' delimiter: line 1 column 9 (char 8)")
  assert.is(message('{"a": 1,}'), 'Expecting property name enclosed in double quotes: line 1 column 9 (char 8)')
  assert.is(message('\n "abc'), 'Unterminated string starting at: line 2 column 2 (char 2)')
  assert.is(message('"a\nb"'), 'Invalid control character at: line 1 column 3 (char 2)')
  assert.is(message('"\\x"'), 'Invalid \\escape: line 1 column 2 (char 1)')
  assert.is(message('1 2'), 'Extra data: line 1 column 3 (char 2)')
  assert.is(message(''), 'Expecting value: line 1 column 1 (char 0)')
  assert.is(message('[NaN, -Infinity, 1e5, 12345678901234567890]'), 'fine')
})

scan('reading what nobody looks into costs little and says the same', () => {
  const texts = ['{"a": 1.0, "b": [1, 2.50, -0, 1e3]}', '{"10": 1, "9": 2, "a": 3}', '{"b": 1, "\\u0031": 2}', '{"a": 12345678901234567890, "b": 1234567890123456}', '{"a": NaN, "b": -Infinity}', '{"__proto__": {"x": 1}, "a": {"constructor": null}}', '{"a": 1, "b": 2, "a": {"b": [true, {"c": "\\ud83d\\ude00"}]}}', '[]', '{"a": 1,}', '{"a": "x\ny"}', '{"sql": "select 1.5, 2 as \\"3\\" : x"}', '-0', '']
  const said = (result: ReturnType<typeof parseJson>): string => (result.ok ? reprOf(result.value) : result.message)
  for (const text of texts) assert.is(said(parseShallow(text)), said(parseJson(text)), text)
  for (const entry of entries(scanBytes(real, WANTS_ALL)).slice(1)) {
    const text = entry.slice(entry.indexOf(' ', entry.indexOf(' ') + 1) + 1)
    assert.is(said(parseShallow(text)), said(parseJson(text)))
  }
})

scan.run()
