"""The card of a package, written from its model.json and what was measured with it."""

from card_text import FAULTS, LICENCES, TRAINING

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
            f'{number(w["share of cells above 0.5 in the lungs"])} lies in them, and of the sum of all local scores {number(w["share of its mass in the lungs"])}. They are {number(w["share of the picture that is lungs"])} of the picture.',
        ]
    elif model['id'] == 'chest-lungs':
        lines += [
            'Lowest Dice on validation: ' + ', '.join(f'{number(v)}' for _, v in measured['worst']) + '. Separate parts of an outline: '
            + ', '.join(f'{k} on {v} films' for k, v in measured['parts'].items()) + '.',
        ]
    elif model['task'] == 'input-check':
        what = 'suitable' if model['id'] == 'chest-input-check' else 'FLAIR'
        lines += [
            'Real files, none of them trained on unless said.',
            '',
            f'| file | what it is | probability of {what} | looks |',
            '|---|---|---|---|',
        ]
        lines += [f'| `{name}` | {is_} | {number(chance)} | {looks} |' for name, is_, chance, looks in measured['real']]
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


def distance(model, measured):
    """The section about `distance`; nothing where a package has none."""
    if 'distance' not in measured:
        return ''
    d = measured['distance']
    each = 'picture' if model['distribution']['of'] == 'picture' else 'series (the median of sampled slices)'
    beyond = '\n'.join(f'| {kind} | {share:.2f} | {count} |' for kind, (share, count) in d['beyond'].items())
    foreign = '; '.join(f'`{name}` {ratio:.2f}' for name, ratio in d['foreign'].items())
    return f"""
## Distance from the training pictures

`distance` is the Mahalanobis distance of the features (means over quarters of a feature map of the first net) from those of
the training pictures, by a covariance shrunk after Ledoit and Wolf; the statistics lie in the graph. The threshold for a
{each} is {d['threshold']:.2f}: {d['measuredOn']}.

| wrong on purpose | share beyond the threshold | number |
|---|---|---|
{beyond}

Right ones from elsewhere, distance as a share of the threshold: {foreign}.
"""


def spread(measured):
    if 'doubt' not in measured:
        return ''
    d = measured['doubt']
    width = lambda key: 'none' if d[key] is None else number(d[key])
    return f"""
## Doubt

Intervals span the answers to the plain picture, its mirror image where that is run, and `testTimeVariants`. On validation the mean
width for {d['of']}: {width('right')} in the {d['right cases']} right cases ({d['right is']}), {width('wrong')} in the {d['wrong cases']} others. An
interval is no confidence interval; it says how much small changes of the picture move the answer.
"""


def kept_weights(measured):
    w = measured['weights']
    crossed = '' if w['crossed'] is None else f', and {w["crossed"]} validation cases cross an operating point'
    kept = 'kept as float16 and used as float32' if w['half'] else 'kept as float32: float16 would change too much'
    return f'Weights are {kept}. Against float32 the score on validation changes by {w["change"]:.4f}{crossed}.'


def trained(nets):
    told = '; '.join(f'seed {n["seed"]}, {n["epochs"]} epochs, {n["minutes"]} minutes' for n in nets)
    return f'These weights: {told}, on the processor.' + (' The mean of the local logits of the nets is taken.' if len(nets) > 1 else '')


def write(model, measured, nets):
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
{trained(nets)} How to repeat it: `models/training/README.md`.

## Figures

On the validation split, which also chose the settings, the threshold and the calibration: the figures flatter. Intervals are
95 %, by bootstrap over patients. Measured by running the packaged graph in float32 through the packaged preprocessing.
{kept_weights(measured)}

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
{distance(model, measured)}{spread(measured)}"""
