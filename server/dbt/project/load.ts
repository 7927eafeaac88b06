// A project directory to a Project: dbt_project.yml, flags, environment, profile, packages. Reads through `disk` only;
// whatever is wrong is a problem in it, and a project always comes out.

import type { Value } from '../../jinja/value.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { YamlDocument, YamlNode } from '../../yaml/nodes.ts'
import { internalPackageNames } from '../adapters/adapters.ts'
import type { SourceFile } from '../files.ts'
import type { Disk, Surroundings } from '../ports.ts'
import type { Problem } from '../problem.ts'
import { chooseRules } from '../rules/choose.ts'
import type { Rules } from '../rules/rules.ts'
import { drained } from '../steps.ts'
import { deprecatedKeys, PROJECT_SCHEMAS } from '../schema/deprecated-keys.ts'
import { keyProblem, strictProblem } from '../schema/key-problems.ts'
import { strictFindings } from '../schema/strict.ts'
import { parseSpecifier, parseVersion, satisfiable, satisfies } from '../rules/semver.ts'
import type { ConfigContext } from './config-context.ts'
import { withDotenv } from './dotenv.ts'
import { absolutePath, resolveFlags, type CliOptions, type Flags, type ProjectFlag } from './flags.ts'
import { environmentProblems } from './flag-env.ts'
import { projectFlagNodes, readPackage } from './package.ts'
import { osiProblems } from './osi.ts'
import { findPackages } from './packages.ts'
import { profilesPath, readProfile } from './profiles.ts'
import type { Package, Project } from './types.ts'
import { NO_UPSTREAM, readUpstream } from './upstream.ts'
import { parseCliVars, readVarsFile } from './vars.ts'
import { warnErrorProblems } from './warn-error.ts'
import { valueOf, variableValue } from './yaml-values.ts'

export interface ProjectOptions {
  readonly cli: CliOptions
  /** `--rules`. */
  readonly rules: string
  readonly installedDbt: string | null
  /** `metadata.dbt_version` of the state, once it is known. */
  readonly stateVersion: string | null
}

/** Never throws. `root` is absolute, without a slash at its end. */
export function loadProject(root: string, disk: Disk, surroundings: Surroundings, options: ProjectOptions): Project {
  return drained(loadSteps(root, disk, surroundings, options))
}

/** The same in steps of one file or so. */
export function* loadSteps(root: string, disk: Disk, surroundings: Surroundings, options: ProjectOptions): Generator<void, Project> {
  const problems: Problem[] = []
  const { file, document } = readProjectFile(root, disk, problems)
  const place = { path: file.path, start: 0, end: 0 }
  yield
  const chosen = chooseRules({
    setting: options.rules, installedVersion: options.installedDbt, requireDbtVersion: versionTexts(valueOf(document.root, 'require-dbt-version')), stateVersion: options.stateVersion,
  })
  const environment = chosen.readsDotenv ? withDotenv(surroundings.env, surroundings.cwd, disk) : { env: surroundings.env, path: null }
  const given = projectFlags(document, file.path, chosen, disk, profilesPath(options.cli.profilesDir ?? environment.env.get('DBT_PROFILES_DIR') ?? null, disk, surroundings))
  const { flags, problems: flagProblems } = resolveFlags({
    cli: options.cli, env: environment.env, project: given.flags,
    user: chosen.readsUserSettings ? userSettings(surroundings.home, disk) : new Map(), projectRoot: root, cwd: surroundings.cwd, place,
  }, chosen)
  problems.push(...given.problems, ...flagProblems, ...environmentProblems(environment.env, chosen, place))
  const rules = withBehaviour(chosen, flags)

  const cli = parseCliVars(flags.vars.value, place)
  const varsFile = rules.readsVarsFile ? readVarsFile(root, disk) : { values: new Map<string, Value>(), problems: [], path: null }
  problems.push(...cli.problems, ...varsFile.problems)
  yield

  const base: ConfigContext = { vars: cli.values, env: environment.env, secrets: true, target: null, dbtVersion: rules.dbtVersion }
  const profile = readProfile({
    flags, rules, disk, surroundings, profileNode: valueOf(document.root, 'profile'), projectIsReadable: document.root?.kind === 'map' && problems.every(({ code }) => code !== 'yaml-syntax'), projectFile: file.path, projectRoot: root, context: base,
  })
  problems.push(...profile.problems)
  yield

  const target = profile.target?.context ?? null
  const rootContext: ConfigContext = { vars: new Map([...varsFile.values, ...cli.values]), env: environment.env, secrets: false, target, dbtVersion: rules.dbtVersion }
  const read = readPackage({ root, isRoot: true, file, document, rules, varsFile: varsFile.values, rendering: { path: file.path, context: rootContext, problems } })
  // RuntimeConfig.from_parts: `project:` is BigQuery's database, and nothing elsewhere.
  const rootPackage: Package = { ...read, quoting: new Map(Array.from(read.quoting, ([key, value]) => [profile.adapter.aliases.get(key) ?? key, value] as const)) }
  const checksVersion = flags.versionCheck.value && options.installedDbt === rules.dbtVersion
  problems.push(...versionProblems(rootPackage, rules, checksVersion, document), ...projectKeyProblems(document, file.path, rules, profile.adapter.type), ...(rules.refusesOldWarnErrorTwins ? warnErrorProblems(document, file.path) : []))

  const installed = findPackages(root, rootPackage.packagesInstallPath, disk, rules, { ...rootContext, secrets: true, target: null })
  // dbt 2 runs no plugins.
  const upstream = rules.strictYaml ? NO_UPSTREAM : readUpstream(root, disk, environment.env)
  problems.push(...installed.problems, ...upstream.problems, ...(rules.hasOsiPaths ? osiProblems(root, document, disk) : []))
  yield
  const packages = new Map([[rootPackage.name, rootPackage]])
  const own = new Set(internalPackageNames(profile.adapter))
  if (own.has(rootPackage.name) && !rules.strictYaml) problems.push(twinProblem(rootPackage))
  const packageContext: ConfigContext = { vars: new Map(), env: environment.env, secrets: false, target, dbtVersion: rules.dbtVersion }
  for (const directory of [...installed.directories, ...installed.localDirectories]) {
    yield
    const dependency = readDependency(directory, disk, rules, packageContext, problems)
    if (!dependency) continue
    problems.push(...versionProblems(dependency, rules, checksVersion, dependency.document))
    if (packages.has(dependency.name) || (own.has(dependency.name) && !rules.strictYaml)) problems.push(twinProblem(dependency))
    else packages.set(dependency.name, dependency)
  }

  return {
    root: rootPackage, packages, target: profile.target, adapter: profile.adapter, rules, flags, cliVars: cli.values, env: environment.env, upstream,
    targetPath: absolutePath(root, flags.targetPath.value ?? rootPackage.targetPath ?? 'target'),
    packagesInstallPath: absolutePath(root, rootPackage.packagesInstallPath),
    profilesPath: profile.path,
    configFiles: [
      file.path, profile.path, ...installed.files, ...upstream.files, `${root}/vars.yml`, `${surroundings.home}/.dbt/user_settings.yml`,
      ...(environment.path === null ? [] : [environment.path]), ...Array.from(packages.values(), (each) => each.file.path),
    ],
    problems,
  }
}

/** RuntimeConfig.load_dependencies: of one name there is one package, those that dbt brings itself included. */
function twinProblem({ name, file, document }: Pick<Package, 'name' | 'file' | 'document'>): Problem {
  const node = valueOf(document.root, 'name')
  return {
    code: 'name-duplicate', severity: 'error', place: { path: file.path, start: node?.start ?? 0, end: node?.end ?? 0 },
    message: `dbt found more than one package with the name "${name}" included in this project. Package names must be unique in a project. Please rename one of these packages.`,
  }
}

/** Flags of the project that change rules: each rule keeps one name for features to read. */
function withBehaviour(rules: Rules, flags: Flags): Rules {
  const on = (name: string): boolean | null => flags.behaviour.get(name)?.value ?? null
  return {
    ...rules,
    refOrder: on('require_ref_searches_node_package_before_root') === true ? 'own-first' : rules.refOrder,
    genericTestArgumentsProperty: on('require_generic_test_arguments_property') ?? rules.genericTestArgumentsProperty,
    compareMoreUnrenderedValues: on('state_modified_compare_more_unrendered_values') ?? rules.compareMoreUnrenderedValues,
    seedSizeLimit: flags.seedSizeLimit.value,
  }
}

function readProjectFile(root: string, disk: Disk, problems: Problem[]): { file: SourceFile; document: YamlDocument } {
  const path = `${root}/dbt_project.yml`
  const text = disk.read(path)
  if (text === null) {
    problems.push({
      code: 'project-invalid', severity: 'error', place: { path, start: 0, end: 0 },
      message: `No dbt_project.yml found at expected path ${path}\nVerify that each entry within packages.yml (and their transitive dependencies) contains a file named dbt_project.yml\n`,
    })
  }
  const file: SourceFile = { path, text: text ?? '', size: text?.length ?? 0 }
  const document = parseYaml(file.text)
  const broken = document.problems.find((problem) => problem.kind === 'syntax' || problem.kind === 'value')
  if (broken) problems.push({ code: 'yaml-syntax', severity: 'error', message: broken.message, place: { path, start: broken.start, end: broken.end } })
  return { file, document }
}

/** Keys of dbt_project.yml that dbt 1.12 calls deprecated, and all that dbt 2 does not read. */
function projectKeyProblems({ root }: YamlDocument, path: string, rules: Rules, adapter: string): Problem[] {
  if (root?.kind !== 'map') return []
  if (rules.keyChecks === 'deprecated') return deprecatedKeys('project', variableValue(root), path, adapter).map((finding) => keyProblem(finding, root, path))
  const schema = PROJECT_SCHEMAS('')
  return rules.keyChecks === 'strict' && schema ? strictFindings(schema, root).map((finding) => strictProblem(finding, path)) : []
}

/** One bad package costs its own nodes alone; dbt would stop. */
function readDependency(root: string, disk: Disk, rules: Rules, context: ConfigContext, problems: Problem[]): Package | null {
  const before = problems.length
  const { file, document } = readProjectFile(root, disk, problems)
  const dependency = disk.kind(file.path) === null ? null
    : readPackage({ root, isRoot: false, file, document, rules, varsFile: null, rendering: { path: file.path, context, problems } })
  for (let i = before; i < problems.length; i++) {
    const problem = problems[i]
    if (problem?.code === 'project-invalid') problems[i] = { ...problem, message: `Failed to read package: Runtime Error\n${problem.message.replace(/^(?=.)/gm, '  ')}` }
  }
  return dependency
}

/** config/project.py read_project_flags: `flags:` of dbt_project.yml, else the old `config:` of profiles.yml, which 1.7.20 and 1.12 read alike. Both are refused. */
function projectFlags(document: YamlDocument, path: string, rules: Rules, disk: Disk, profiles: string): { readonly flags: ReadonlyMap<string, ProjectFlag>; readonly problems: readonly Problem[] } {
  const own = projectFlagNodes(document, 'flags')
  const old = rules.strictYaml ? [] : projectFlagNodes(parseYaml(disk.read(profiles) ?? ''), 'config')
  const [first] = own
  if (!first || old.length === 0) return { flags: first ? flagMap(own, path) : flagMap(old, profiles), problems: [] }
  return {
    flags: flagMap(own, path),
    problems: [{ code: 'project-invalid', severity: 'error', place: { path, start: first.value.start, end: first.value.end }, message: "Do not specify both 'config' in profiles.yml and 'flags' in dbt_project.yml. Using 'config' in profiles.yml is deprecated." }],
  }
}

function flagMap(nodes: readonly { readonly key: string; readonly value: YamlNode }[], path: string): ReadonlyMap<string, ProjectFlag> {
  return new Map(nodes.flatMap(({ key, value }) => {
    if (value.kind !== 'scalar') return []
    const scalar = typeof value.value === 'bigint' ? Number(value.value) : value.value
    if (typeof scalar !== 'string' && typeof scalar !== 'boolean' && typeof scalar !== 'number') return []
    return [[key, { value: scalar, place: { path, start: value.start, end: value.end } }] as const]
  }))
}

function userSettings(home: string, disk: Disk): ReadonlyMap<string, boolean | string | number> {
  const text = disk.read(`${home}/.dbt/user_settings.yml`)
  const flags = text === null ? null : valueOf(parseYaml(text).root, 'flags')
  return new Map(Array.from(flagMap(flags?.kind === 'map' ? flags.entries.flatMap(({ key, value }) => (key.kind === 'scalar' && typeof key.value === 'string' ? [{ key: key.value, value }] : [])) : [], ''), ([key, flag]) => [key, flag.value] as const))
}

/** `require-dbt-version` as text, before rendering; a template in it says nothing yet. */
function versionTexts(node: YamlNode | null): readonly string[] {
  const texts = node?.kind === 'seq' ? node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : node?.kind === 'scalar' ? node.text.split(',') : []
  return texts.filter((text) => parseSpecifier(text) !== null)
}

/** config/project.py validate_version, against the dbt that is installed. */
function versionProblems(dependency: Package, rules: Rules, knowsInstalled: boolean, document: YamlDocument): Problem[] {
  const specifiers = dependency.requireDbtVersion.flatMap((text) => parseSpecifier(text) ?? [])
  const installed = parseVersion(rules.dbtVersion)
  if (specifiers.length === 0 || !installed) return []
  const wanted = `[${specifiers.map((specifier) => `'${specifier.matcher}${specifier.text.replace(/^[<>=]+/, '')}'`).join(', ')}]`
  const message = !satisfiable(specifiers)
    ? `The package version requirement can never be satisfied for the '${dependency.name}\npackage.\n  Required versions of dbt for '${dependency.name}': ${wanted}\nCheck for a different version of the '${dependency.name}' package, or run dbt again with --no-version-check\n`
    : knowsInstalled && !satisfies(installed, specifiers)
      ? `This version of dbt is not supported with the '${dependency.name}' package.\n  Installed version of dbt: =${rules.dbtVersion}\n  Required version of dbt for '${dependency.name}': ${wanted}\nCheck for a different version of the '${dependency.name}' package, or run dbt again with --no-version-check\n`
      : null
  if (message === null) return []
  const node = valueOf(document.root, 'require-dbt-version')
  return [{ code: 'version-unsupported', severity: 'error', message, place: { path: dependency.file.path, start: node?.start ?? 0, end: node?.end ?? 0 } }]
}
