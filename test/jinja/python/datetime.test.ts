import { testAgainstPython } from '../../support/python-golden.ts'

testAgainstPython('datetime').run()
