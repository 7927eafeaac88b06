import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { renderTemplate, rendersToItself } from '../../../server/dbt/context/engine.ts'
import { templateOfText } from '../../../server/dbt/nodes/source-text.ts'

const x = suite('texts that render to themselves')

function rendered(text: string): unknown {
  const result = renderTemplate(templateOfText(text), text, { path: '', offset: 0 }, () => undefined, { permissive: true, native: true })
  return result.kind === 'ok' ? result.value : result
}

const PARTS = ['a', '1', 'True', "'q'", '"', ' ', '%}', '}}', '#}', '#', '%', '-', '[1, 2]', '\t', '\u2028', 'é', '😀', '{', '{{', '{%', '{#', '\n', '\r\n', '\r']

x('what is said to render to itself does, whatever it looks like', () => {
  let state = 11
  const next = (): number => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
  let plain = 0
  for (let round = 0; round < 4000; round++) {
    const text = Array.from({ length: Math.floor(next() * 6) }, () => PARTS[Math.floor(next() * PARTS.length)] ?? '').join('')
    if (!rendersToItself(text)) continue
    plain++
    assert.is(rendered(text), text, JSON.stringify(text))
  }
  assert.ok(plain > 1000, `${plain}`)
})

x('a newline at the end and a tag are not left', () => {
  assert.is(rendersToItself('a\n'), false)
  assert.is(rendered('a\n'), 'a')
  assert.is(rendersToItself('{{ 1 }}'), false)
})

x.run()
