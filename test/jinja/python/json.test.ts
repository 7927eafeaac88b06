import { testAgainstPython } from '../../support/python-golden.ts'

testAgainstPython('json').run()
