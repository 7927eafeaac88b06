// Packs the VS Code extension, server and grammar inside, into dist/dbt-defer.vsix. Runs the build first.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'

execFileSync(process.execPath, ['.ci/build.mjs'], { stdio: 'inherit' })
mkdirSync('client/grammars', { recursive: true })
copyFileSync('grammars/dbt-jinja.tmLanguage.json', 'client/grammars/dbt-jinja.tmLanguage.json')
copyFileSync('LICENSE', 'client/LICENSE')
copyFileSync('CHANGELOG.md', 'client/CHANGELOG.md')
execFileSync(process.execPath, ['../node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--out', '../dist/dbt-defer.vsix'], { cwd: 'client', stdio: 'inherit' })
