"""The part of each model.json that is decided, not measured. Training, export and evaluation share its steps."""

from variants import VARIANTS

CHEST_SIDE = 176
LUNGS_SIDE = 192
BRAIN_SIDE = 192
CHECK_SIDE = 128

NOT_MEDICAL = 'Research use only. Not a medical device; not for diagnosis or patient management.'

FILMS = {'modality': ['CR', 'DX', 'RG'], 'photometricInterpretation': ['MONOCHROME1', 'MONOCHROME2'], 'minimumSidePx': 96}
CHEST_ACCEPTS = {
    **FILMS,
    'bodyPart': ['CHEST', 'THORAX', 'LUNG', 'LUNGS', 'CHEST AP', 'CHEST PA'],
    'viewPosition': ['AP', 'PA'],
    'pixels': {'model': 'chest-input-check', 'label': 'suitable'},
}


def chest_steps(side):
    return [
        {'op': 'crop-valid'},
        {'op': 'resize', 'rows': side, 'columns': side, 'interpolation': 'area'},
        {
            'op': 'scale',
            'low': {'percentile': 1, 'of': 'valid'},
            'high': {'percentile': 99, 'of': 'valid'},
            'statistics': 'slice',
            'clip': True,
        },
        {'op': 'standardise', 'mean': 0.5, 'deviation': 0.25},
    ]


def image_input(side):
    return {'name': 'image', 'kind': 'image', 'shape': [1, 1, side, side], 'layout': 'NCHW', 'type': 'float32'}


PNEUMONIA = {
    'name': 'pneumonia',
    'title': 'Pneumonia',
    'colour': '#e8743b',
    'concept': {'value': '233604007', 'scheme': 'SCT', 'meaning': 'Pneumonia'},
}
BACTERIAL = {'name': 'bacterial', 'title': 'Bacterial rather than viral'}
LUNGS = {
    'name': 'lungs',
    'title': 'Lungs, with the part behind the heart',
    'colour': '#3ba7e8',
    'concept': {'value': '39607008', 'scheme': 'SCT', 'meaning': 'Lung'},
}
ABNORMALITY = {
    'name': 'abnormality',
    'title': 'FLAIR abnormality',
    'colour': '#e8b93b',
    'concept': {'value': '49755003', 'scheme': 'SCT', 'meaning': 'Morphologically abnormal structure'},
}

CHEST_PNEUMONIA = {
    'id': 'chest-pneumonia',
    'title': 'Pneumonia on chest radiographs of children',
    'intendedUse': 'Scores how much a frontal chest radiograph of a child of one to five years looks like pneumonia, '
    'and shows a coarse map of where. A finding of it is called "pneumonia-like opacity". ' + NOT_MEDICAL,
    'notFor': [
        'Diagnosis, triage or any decision about a patient.',
        'Adults and infants below one year (refused where the header states the age), lateral views, pictures of other body parts.',
        'Deciding between bacterial and viral pneumonia: the score for it is often wrong, and no finding is made of it.',
        'Telling pneumonia from other opacity such as effusion, collapse or oedema.',
        'Measuring the extent of disease: the map is coarse and its level means little by itself.',
    ],
    'task': 'classification',
    'licence': 'CC BY 4.0',
    'accepts': {**CHEST_ACCEPTS, 'ageYears': [1, 5]},
    'input': image_input(CHEST_SIDE),
    'preprocess': {'from': 'display', 'steps': chest_steps(CHEST_SIDE)},
    'outputs': [
        {'name': 'probability', 'kind': 'probabilities', 'activation': 'sigmoid', 'labels': [PNEUMONIA]},
        {'name': 'map', 'kind': 'activation-map', 'activation': 'sigmoid', 'labels': [PNEUMONIA]},
        # Without an operating point: no finding arises from it.
        {'name': 'kind', 'kind': 'probabilities', 'activation': 'sigmoid', 'labels': [BACTERIAL]},
    ],
    'findings': {'minimumPixels': 1, 'minimumAreaMm2': None, 'acrossSlices': False},
    'training': {
        'data': 'Kermany D, Zhang K, Goldbaum M, Mendeley Data v2, 2018, doi 10.17632/rscbjbr9sj.2 (CC BY 4.0): '
        '2,661 films of 1,881 children; lungs marked on them by the package chest-lungs.',
        'code': 'models/training/train_chest_pneumonia.py',
    },
}

CHEST_LUNGS = {
    'id': 'chest-lungs',
    'title': 'Lung outline on chest radiographs',
    'intendedUse': 'Outlines the lungs on a frontal chest radiograph, with the part of the lung behind the heart. ' + NOT_MEDICAL,
    'notFor': [
        'Diagnosis, triage or any decision about a patient.',
        'Measures that need the heart or the diaphragm: the outline runs on behind the heart and says nothing of its border.',
        'Lateral views, pictures of other body parts.',
    ],
    'task': 'segmentation',
    'licence': 'CC BY 4.0',
    'accepts': CHEST_ACCEPTS,
    'input': image_input(LUNGS_SIDE),
    'preprocess': {'from': 'display', 'steps': chest_steps(LUNGS_SIDE)},
    'outputs': [{'name': 'lungs', 'kind': 'probability-map', 'activation': 'sigmoid', 'labels': [LUNGS]}],
    'findings': {'minimumPixels': 200, 'minimumAreaMm2': 300, 'acrossSlices': False, 'structures': True},
    'training': {
        'data': '263 films of children (Kermany et al., doi 10.17632/rscbjbr9sj.2, CC BY 4.0) and 48 of adults or of age unknown '
        '(Cohen et al., COVID-19 Image Data Collection, those under CC BY 3.0 or 4.0); outlines by V7 Labs, '
        'COVID-19 X-ray dataset (CC BY 4.0). No film under a non-commercial licence.',
        'code': 'models/training/train_chest_lungs.py',
    },
}

CHEST_CHECK = {
    'id': 'chest-input-check',
    'title': 'Check of chest radiographs',
    'intendedUse': 'Tells whether a picture is a frontal chest radiograph, upright, not inverted and not cropped, '
    'so that other networks can be asked about it. ' + NOT_MEDICAL,
    'notFor': [
        'Diagnosis, triage or any decision about a patient.',
        'The quality of a film: exposure, inspiration, rotation of the patient and movement are not judged.',
        'Telling a film from its mirror image: that is not checked.',
    ],
    'task': 'input-check',
    'licence': 'CC BY 4.0',
    'accepts': FILMS,
    'input': image_input(CHECK_SIDE),
    'preprocess': {'from': 'display', 'steps': chest_steps(CHECK_SIDE)},
    'outputs': [
        {
            'name': 'looks',
            'kind': 'probabilities',
            'activation': 'softmax',
            'labels': [
                {'name': 'suitable', 'title': 'frontal, upright chest picture'},
                {'name': 'turned', 'title': 'turned on its side'},
                {'name': 'upside-down', 'title': 'upside down'},
                {'name': 'inverted', 'title': 'inverted, with dark bones'},
                {'name': 'cropped', 'title': 'cropped: the lungs are cut off'},
                {'name': 'lateral', 'title': 'lateral'},
                {'name': 'other', 'title': 'unlike a chest picture'},
            ],
        }
    ],
    'findings': {'minimumPixels': 1, 'minimumAreaMm2': None, 'acrossSlices': False},
    'training': {
        'data': 'Films: Kermany et al., doi 10.17632/rscbjbr9sj.2 (CC BY 4.0), 2,661 of 1,881 children, and Cohen et al., COVID-19 Image '
        'Data Collection, 48 of adults or of age unknown under CC BY 3.0 or 4.0. Four heads that are free to use (MR and CT). '
        'All wrong pictures are made from these or drawn.',
        'code': 'models/training/train_chest_check.py',
    },
}

HEAD_MR = {
    'modality': ['MR'],
    'bodyPart': ['HEAD', 'BRAIN', 'SKULL', 'HEADNECK', 'NEURO', 'CRANIUM', 'KOPF', 'SCHAEDEL'],
    'photometricInterpretation': ['MONOCHROME1', 'MONOCHROME2'],
    'plane': 'axial',
    'minimumSidePx': 96,
}


def head_preprocess(side):
    return {
        'from': 'modality',
        # The 90th percentile lies within the head, and a quarter of it above doubled noise of the air:
        # neither hot pixels nor noise move it much.
        'foreground': {'threshold': 0.25, 'ofPercentile': 90},
        'steps': [
            {'op': 'orient', 'row': 'L', 'column': 'P'},
            {'op': 'crop-foreground', 'minimumFraction': 0.08, 'margin': 0, 'shape': 'square', 'statistics': 'series'},
            {'op': 'resize', 'rows': side, 'columns': side, 'interpolation': 'area'},
            # The median of a head is brain that looks normal; upper percentiles follow fat, lesion and hot pixels.
            {
                'op': 'scale',
                'low': {'percentile': 10, 'of': 'foreground'},
                'high': {'percentile': 50, 'of': 'foreground'},
                'statistics': 'series',
                'clip': False,
            },
            {'op': 'standardise', 'mean': 1, 'deviation': 1},
            {'op': 'clip', 'min': -2.5, 'max': 4},
        ],
    }


FLAIR_CHECK = {
    'id': 'mr-flair-check',
    'title': 'Check of FLAIR',
    'intendedUse': 'Tells whether axial MR pictures of the head are FLAIR, so that other networks can be asked about them. ' + NOT_MEDICAL,
    'notFor': [
        'Diagnosis, triage or any decision about a patient.',
        'Commercial use: the training data do not allow it.',
        'Naming a sequence: labels other than FLAIR rest on one head or on imitations, and say only what a picture resembles.',
    ],
    'task': 'input-check',
    'licence': 'CC BY-NC-SA 4.0',
    'accepts': HEAD_MR,
    'input': image_input(CHECK_SIDE),
    'preprocess': head_preprocess(CHECK_SIDE),
    'outputs': [
        {
            'name': 'looks',
            'kind': 'probabilities',
            'activation': 'softmax',
            'labels': [
                {'name': 'flair', 'title': 'like FLAIR'},
                {'name': 't1', 'title': 'like T1'},
                {'name': 't2-or-pd', 'title': 'like T2 or proton density'},
                {'name': 'other', 'title': 'not a head slice'},
            ],
        }
    ],
    'findings': {'minimumPixels': 1, 'minimumAreaMm2': None, 'acrossSlices': False},
    'training': {
        'data': 'FLAIR: Buda M, Saha A, Mazurowski MA, LGG MRI Segmentation (CC BY-NC-SA 4.0), 79 patients. T1: one head '
        '(Hanke et al. 2014, Scientific Data 1:140003, PDDL). Other contrasts are imitated from FLAIR by other grey values.',
        'code': 'models/training/train_flair_check.py',
    },
}

BRAIN_FLAIR = {
    'id': 'brain-flair-abnormality',
    'title': 'FLAIR abnormality of the brain',
    'intendedUse': 'Outlines tissue that is abnormally bright on axial FLAIR pictures of the brain, as in lower-grade glioma. ' + NOT_MEDICAL,
    'notFor': [
        'Diagnosis, triage or any decision about a patient.',
        'Commercial use: the training data do not allow it.',
        'Telling tumour from oedema, stroke, inflammation or white-matter disease: it saw lower-grade glioma alone.',
        'Ruling a lesion out, and brains of healthy persons: it saw none in training.',
    ],
    'task': 'segmentation',
    'licence': 'CC BY-NC-SA 4.0',
    'accepts': {
        **HEAD_MR,
        'sequence': {
            'name': 'FLAIR',
            'words': ['flair', 'dark fluid', 'dark-fluid', 'dark_fluid', 'tirm'],
            'contradictedBy': ['t1', 'mprage', 'spgr', 'mp2rage', 'dwi', 'adc', 'dti', 'swi', 'swan', 'gre', 'tof', 'angio', 'perfusion', 'bold', 'stir', 'proton'],
            'echoTimeMs': [60, 600],
            'repetitionTimeMs': [4000, 16000],
            'inversionTimeMs': [1500, 3200],
        },
    },
    'input': {
        'name': 'stack',
        'kind': 'stack',
        'shape': [1, 3, BRAIN_SIDE, BRAIN_SIDE],
        'layout': 'NCHW',
        'type': 'float32',
        'stepMm': 5,
    },
    'preprocess': head_preprocess(BRAIN_SIDE),
    'outputs': [{'name': 'abnormality', 'kind': 'probability-map', 'activation': 'sigmoid', 'labels': [ABNORMALITY]}],
    'findings': {'minimumPixels': 12, 'minimumAreaMm2': 20, 'acrossSlices': True},
    'training': {
        'data': 'Buda M, Saha A, Mazurowski MA, LGG MRI Segmentation (CC BY-NC-SA 4.0), pictures of the TCGA-LGG collection '
        'of The Cancer Imaging Archive: FLAIR of 79 patients, 1,823 slices.',
        'code': 'models/training/train_brain_flair.py',
    },
}

# The lungs and the brain are run mirrored, too. Runs that only tell doubt are few where a series has many slices.
for package, flips, variants in (
    (CHEST_PNEUMONIA, [], VARIANTS),
    (CHEST_LUNGS, ['columns'], VARIANTS),
    (BRAIN_FLAIR, ['columns'], VARIANTS[:2]),
    (CHEST_CHECK, [], []),
    (FLAIR_CHECK, [], []),
):
    package['testTimeFlips'], package['testTimeVariants'] = flips, variants

PACKAGES = {p['id']: p for p in (CHEST_PNEUMONIA, CHEST_LUNGS, BRAIN_FLAIR, CHEST_CHECK, FLAIR_CHECK)}
