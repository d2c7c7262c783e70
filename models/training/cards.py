"""The card of a package, written from its model.json and what was measured with it."""

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
    'brain-flair-abnormality': """- Buda M, Saha A, Mazurowski MA. "Association of genomic subtypes of lower-grade gliomas with shape features
  automatically extracted by a deep learning algorithm", Computers in Biology and Medicine 109, 2019; published as "LGG MRI
  Segmentation". CC BY-NC-SA 4.0: **no commercial use**, and the weights carry the same licence.
- Its pictures come from the TCGA-LGG collection of The Cancer Imaging Archive (CC BY 3.0), five hospitals.
- 79 patients (1,823 slices) for training, 15 (407 slices) for validation. Only the FLAIR channel.""",
}

TRAINING = {
    'chest-pneumonia': """A residual net of 1.3 million parameters from random weights: local logits on a grid of 22 x 22 by a 1 x 1 convolution,
their mean the logit. Cross entropy, weighted so that both classes are equally frequent in every eighth of like aspect
ratio; bacterial against viral as a second task that is not exported; local logits outside the lungs drawn to -2. Changes of
the films: zoom and stretch of each axis by 0.68 to 1.12 of the film, loss of resolution on each axis by itself, rotation,
blur, sharpening, gamma, contrast, slow fields, noise, JPEG, borders, letters, patches cut out, and all outside the lungs
taken from another film. AdamW, one warm-up and a cosine, averaged weights.""",
    'chest-lungs': """A residual U-Net of 1.4 million parameters from random weights; cross entropy plus Dice, one auxiliary output. Changes of
the films as for `chest-pneumonia`, with zoom and stretch of each axis by 0.65 to 1.35 and mirroring. Films of adults shown
three times as often. AdamW, one warm-up and a cosine, averaged weights.""",
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
  where disease lies. No operating point was measured for it.""",
    'chest-lungs': """- **The outline includes the part of the lung behind the heart** and reaches almost to the spine. Many other sets leave the
  heart out; do not compare areas with them.
- All adults had suspected COVID-19; no healthy adult was seen. Few adults are free to train on, so adults rest on 48 films.
- On some children the field is cut at the top or bottom; the outline then ends at the border of the picture.
- The outlines were drawn by people with a semi-automatic tool: their own repeatability bounds the figures.
- Dense consolidation and effusion: the outline may leave them out or guess through them.""",
    'brain-flair-abnormality': """- Every patient in training and validation had a tumour. Expect false findings in healthy brains, white-matter disease
  and stroke, and do not read an empty result as the absence of disease.
- The outlines were drawn by one person and checked by a radiologist; edges are coarse.
- The spacing of the slices is not published. Volumes in millilitres **assume pixels of 0.94 x 0.94 x 5 mm**.
- The grey values had been scaled by the publishers and pictures were JPEG compressed.
- Hot pixels and noise of the air move some outlines more than they should: see the probes.
- Training pictures hold skull and scalp; skull-stripped ones were only imitated.""",
}


def number(value):
    return f'{value:.3f}'


def interval(metric):
    return '' if metric['interval'] is None else f'{number(metric["interval"][0])} to {number(metric["interval"][1])}'


def probes(model, measured):
    lines = []
    if model['id'] == 'chest-pneumonia':
        lines += [
            'Each line changes every validation film. "Moved" is the change of the calibrated probability. "Like aspect" is the',
            'AUC among pairs of a normal film and one with pneumonia whose width / height differ by 5 % at most.',
            '',
            '| change | AUC | like aspect | moved, mean | 95th percentile | most | sensitivity | specificity |',
            '|---|---|---|---|---|---|---|---|',
        ]
        for name, p in measured['probes'].items():
            cells = [p['auc'], p['like'], p['moved'], p['moved 95th'], p['moved most'], p['sensitivity'], p['specificity']]
            lines.append(f'| {name} | ' + ' | '.join(map(number, cells)) + ' |')
        lines += ['', '| what is left on the film | AUC |', '|---|---|']
        lines += [f'| {name} | {number(value)} |' for name, value in measured['masked'].items()]
        w = measured['within']
        lines += [
            '',
            f'Of the {w["films called pneumonia"]} films called pneumonia the highest cell of the map lies in the lungs (by `chest-lungs`, with a margin '
            f'of 3 %) on {number(w["highest cell in the lungs"])}; of all cells with a local score above 0.5, '
            f'{number(w["share of cells above 0.5 in the lungs"])} lies in them. They are {number(w["share of the picture that is lungs"])} of the picture.',
        ]
    elif model['id'] == 'chest-lungs':
        lines += [
            'Lowest Dice on validation: ' + ', '.join(f'{number(v)}' for _, v in measured['worst']) + '. Separate parts of an outline: '
            + ', '.join(f'{k} on {v} films' for k, v in measured['parts'].items()) + '.',
        ]
    else:
        lines += [
            'Each line changes every validation series. "Agreement" is the Dice with the mask of the unchanged series.',
            '',
            '| change | Dice a patient | agreement, mean | agreement, lowest | largest loss of Dice of a patient |',
            '|---|---|---|---|---|',
        ]
        for name, p in measured['probes'].items():
            cells = [p['dice'], p['agreement'], p['agreement, lowest'], p['largest loss of a patient']]
            lines.append(f'| {name} | ' + ' | '.join(map(number, cells)) + ' |')
        lines += ['', 'Dice of each validation patient: ' + ', '.join(number(v) for v in measured['dice'].values()) + '.']
    return '\n'.join(lines)


def write(model, measured, training):
    metrics = '\n'.join(f'| {m["name"]} | {number(m["value"])} | {interval(m)} | {m["data"]} |' for m in model['metrics'])
    points = '\n'.join(
        f'| {p["name"]} | {p["threshold"]:.3f} | {number(p["sensitivity"])} | {number(p["specificity"])} | {p["measuredOn"]} |'
        for p in model['operatingPoints']
    )
    calibration = (
        'Not calibrated.'
        if model['calibration'] is None
        else f'Logits are divided by {model["calibration"]["temperature"]:.2f}, measured on {model["calibration"]["measuredOn"]}.'
    )
    not_for = '\n'.join(f'- {line}' for line in model['notFor'])
    return f"""# {model['title']}

`{model['id']}` {model['version']}. Licence: {model['licence']}{', no commercial use' if 'NC' in model['licence'] else ''}.

**Research use only. Not a medical device; not for diagnosis or patient management.**

## Intended use

{model['intendedUse']}

## Not for

{not_for}

## Data

{LICENCES[model['id']]}

## Training

{TRAINING[model['id']]}
These weights: {training} on the processor. How to repeat it: `models/training/README.md`.

## Figures

On the validation split, which also chose the settings, the threshold and the calibration: the figures flatter. Intervals are
95 %, by bootstrap over patients. Measured by running the packaged graph in float32 through the packaged preprocessing.

| figure | value | 95 % interval | data |
|---|---|---|---|
{metrics}

## Operating points

| name | threshold | sensitivity | specificity | measured on |
|---|---|---|---|---|
{points}

The first is in force unless another is chosen. {calibration}

## Known faults

{FAULTS[model['id']]}

## Probes

{probes(model, measured)}
"""
