"""What dbt 1.12 answers to `state:` when the state is old or odd: record_old.py STATES PROJECT

STATES holds a directory with a manifest.json for each state, without dbt's own macros; those called odd-… are made here out of 1.12's. Each state × {no edit, edits} ×
selections. Where dbt refuses the state, its error is the answer. Needs dbt 1.12 with dbt-postgres and dbt-duckdb.
"""
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mutations import answered, parse, renew  # noqa: E402

EDITS = [
    {'path': 'models/loads_now.sql', 'append': '-- more\n'},
    {'path': 'macros/twice.sql', 'find': '2 * {{ column }}', 'replace': '{{ column }} * 2'},
    {'path': 'models/models.yml', 'find': 'description: the join', 'replace': 'description: a join'},
    {'path': 'models/fresh.sql', 'text': "select * from {{ ref('joined') }}"},
    {'path': 'models/gone.sql', 'remove': True},
    {'path': 'seeds/ports.csv', 'append': '2,b\n'},
    {'path': 'models/models.yml', 'find': 'email: b@example.org', 'replace': 'email: c@example.org'},
    {'path': 'dbt_project.yml', 'find': '+materialized: view', 'replace': '+materialized: table'},
]
CHECKS = ['modified', 'modified.body', 'modified.configs', 'modified.relation', 'modified.macros', 'modified.contract', 'modified.persisted_descriptions', 'new', 'old', 'unmodified']
ASKED = [[[f'state:{check}'], []] for check in CHECKS] + [[['state:modified+'], []], [['+state:modified.body'], ['state:new']]]


def odd(states: Path) -> None:
    manifest = json.loads((states / '1.12' / 'manifest.json').read_text())
    nodes = manifest['nodes']
    variants = {
        'odd-fields': {**manifest, 'from_the_future': {'a': 1}, 'nodes': {key: {**node, 'from_the_future': [1], 'config': {**node['config'], 'later': {'x': 1}}} for key, node in nodes.items()}},
        'odd-empty': {**manifest, 'nodes': {}, 'sources': {}, 'exposures': {}, 'macros': {}},
        'odd-adapter': {**manifest, 'metadata': {**manifest['metadata'], 'adapter_type': 'snowflake'}},
        'odd-no-code': {**manifest, 'nodes': {key: {name: value for name, value in node.items() if name not in ('raw_code', 'compiled_code', 'compiled')} for key, node in nodes.items()}},
        'odd-version': {**manifest, 'metadata': {**manifest['metadata'], 'dbt_schema_version': 'https://schemas.getdbt.com/dbt/manifest/v13.json'}},
        'odd-v3': {**manifest, 'metadata': {**manifest['metadata'], 'dbt_schema_version': 'https://schemas.getdbt.com/dbt/manifest/v3.json'}},
        'odd-no-metadata': {key: value for key, value in manifest.items() if key != 'metadata'},
    }
    for name, variant in variants.items():
        (states / name).mkdir(exist_ok=True)
        (states / name / 'manifest.json').write_text(json.dumps(variant) + '\n')


def main() -> None:
    from dbt.contracts.state import PreviousState
    states, source = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    odd(states)
    answers = []
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        root = place / source.name
        for state in sorted(path for path in states.iterdir() if path.is_dir()):
            renew(source, root)
            current = parse(root, place).result
            try:
                previous = PreviousState(state_path=state, target_path=place / 'out', project_root=root)
            except Exception as problem:
                answers.append({'state': state.name, 'refused': f'{type(problem).__name__}: {problem}'.replace(str(state), '<state>'), 'lists': []})
                continue
            # The states are kept without dbt's own macros: they count as unchanged.
            previous.manifest.macros.update({key: macro for key, macro in current.macros.items() if macro.package_name != source.name})
            for edits in ([], EDITS):
                renew(source, root)
                answer = answered({'edits': edits, 'selections': ASKED}, root, place, previous)
                assert answer['exit'] == 0, answer
                answers.append({'state': state.name, 'edited': bool(edits), 'refused': None, 'lists': answer['answers']})
    out = {'edits': EDITS, 'asked': ASKED}
    (states / 'answers.json').write_text('{' + ',\n'.join(f'"{key}": {json.dumps(value)}' for key, value in out.items()) + ',\n"answers": [\n' + ',\n'.join(json.dumps(each) for each in answers) + '\n]}\n')


if __name__ == '__main__':
    main()
