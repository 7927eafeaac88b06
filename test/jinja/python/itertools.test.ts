import { testAgainstPython } from '../../support/python-golden.ts'

testAgainstPython('itertools').run()
