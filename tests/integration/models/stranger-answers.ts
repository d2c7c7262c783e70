/** What is answered of a network that nobody here knows, whatever it reads. */
export const strangerAnswers = {
  id: 'stranger',
  title: 'Stranger',
  intendedUse: 'Tests.',
  notFor: 'Patients',
  licence: 'CC0',
  modality: 'MR',
  trainingData: 'Nothing.',
}
