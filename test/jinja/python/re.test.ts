import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { evaluate, testAgainstPython } from '../../support/python-golden.ts'

testAgainstPython('re').run()

const guard = suite('re guard')
for (const expression of [
  "modules.re.match('(a+)+$', 'a' * 60 ~ 'b')",
  "modules.re.search('(x+x+)+y', 'x' * 60)",
  "modules.re.sub('(a|a)*b', '', 'a' * 60)",
  "modules.re.match('((a{1,90}){1,90}){1,90}b', 'a' * 90)",
]) {
  guard(`${expression} ends`, () => {
    const start = performance.now()
    const result = evaluate(expression)
    assert.is(result.kind === 'error' ? result.errorClass : result.kind, 'BudgetExceeded')
    assert.ok(performance.now() - start < 2000)
  })
}
guard('a long text needs no stack of ours', () => {
  const result = evaluate("modules.re.findall('(?:a|b)+', 'ab' * 50000)|first|length")
  assert.is(result.kind === 'ok' ? result.text : result.message, '100000')
})
guard.run()
