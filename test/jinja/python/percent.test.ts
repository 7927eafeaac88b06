import { testAgainstPython } from '../../support/python-golden.ts'

testAgainstPython('percent').run()
