// What people read must be what the program does: settings, codes and commands in the README and in the VS Code client.

import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { COMMANDS } from '../server/cli/options.ts'
import { DEFAULTS, SETTINGS } from '../server/ide/settings.ts'

const root = path.resolve(import.meta.dirname, '..')
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
const docs = suite('docs')

docs('every setting stands in the README with its default', () => {
  const missing = SETTINGS.filter((each) => !readme.includes(`| \`${each.key}\` | ${JSON.stringify(DEFAULTS[each.key])} |`)).map((each) => each.key)
  assert.equal(missing, [])
})

docs('the VS Code client offers the same settings', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'client/package.json'), 'utf8')) as { contributes: { configuration: { properties: Record<string, { default: unknown; enum?: string[] }> } } }
  const { properties } = manifest.contributes.configuration
  for (const { key, choices } of SETTINGS) {
    if (key === 'statusNotifications' || key === 'trusted') continue
    const property = properties[`dbtDefer.${key}`]
    assert.ok(property, key)
    assert.equal(property.default, DEFAULTS[key], key)
    assert.equal(property.enum, choices, key)
  }
})

docs('every command stands in the README', () => {
  const missing = COMMANDS.filter((each) => each.name !== 'inspect' && !readme.includes(`| \`${each.name}`)).map((each) => each.name)
  assert.equal(missing, [])
})

docs('every diagnostic code has its paragraph in the README', () => {
  const codes = new Set(sources(path.join(root, 'server')).flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bcode: '([a-z0-9-]+)', severity|report\([^,]+, '([a-z0-9-]+)'|\bfail\('([a-z0-9-]+)', /g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')))
  const missing = [...codes].filter((code) => !readme.includes(`<a id="${code}">`)).toSorted()
  assert.equal(missing, [])
})

docs.run()

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? sources(path.join(directory, entry.name)) : entry.name.endsWith('.ts') ? [path.join(directory, entry.name)] : []))
}
