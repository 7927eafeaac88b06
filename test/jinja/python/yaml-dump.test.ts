import { testAgainstPython } from '../../support/python-golden.ts'

testAgainstPython('yaml_dump').run()
