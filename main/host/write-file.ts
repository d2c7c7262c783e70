/** Whole or absent: the command line writes its outputs as the archive does. */
export { writeAtomically } from '../base/atomic-write'
