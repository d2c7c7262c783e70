"""The part of each model.json that is decided, not measured. Training, export and evaluation share its steps."""

CHEST_SIDE = 176
LUNGS_SIDE = 192
BRAIN_SIDE = 192

NOT_MEDICAL = 'Research use only. Not a medical device; not for diagnosis or patient management.'

CHEST_ACCEPTS = {
    'modality': ['CR', 'DX', 'RG'],
    'bodyPart': ['CHEST', 'THORAX', 'LUNG', 'LUNGS', 'CHEST AP', 'CHEST PA'],
    'viewPosition': ['AP', 'PA'],
    'photometricInterpretation': ['MONOCHROME1', 'MONOCHROME2'],
    'minimumSidePx': 96,
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
        'Adults, infants below one year, lateral views, pictures of other body parts.',
        'Telling bacterial from viral pneumonia, or pneumonia from other opacity such as effusion, collapse or oedema.',
        'Measuring the extent of disease: the map is coarse and its level means little by itself.',
    ],
    'task': 'classification',
    'licence': 'CC BY 4.0',
    'accepts': CHEST_ACCEPTS,
    'input': image_input(CHEST_SIDE),
    'preprocess': {'from': 'display', 'steps': chest_steps(CHEST_SIDE)},
    'outputs': [
        {'name': 'probability', 'kind': 'probabilities', 'activation': 'sigmoid', 'labels': [PNEUMONIA]},
        {'name': 'map', 'kind': 'activation-map', 'activation': 'sigmoid', 'labels': [PNEUMONIA]},
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
        'modality': ['MR'],
        'bodyPart': ['HEAD', 'BRAIN', 'SKULL', 'HEADNECK', 'NEURO', 'CRANIUM', 'KOPF', 'SCHAEDEL'],
        'photometricInterpretation': ['MONOCHROME1', 'MONOCHROME2'],
        'plane': 'axial',
        'sequence': {
            'name': 'FLAIR',
            'words': ['flair', 'dark fluid', 'dark-fluid', 'dark_fluid', 'tirm'],
            'contradictedBy': ['t1', 'mprage', 'spgr', 'mp2rage', 'dwi', 'adc', 'dti', 'swi', 'swan', 'gre', 'tof', 'angio', 'perfusion', 'bold', 'stir', 'proton'],
            'echoTimeMs': [60, 600],
            'repetitionTimeMs': [4000, 16000],
            'inversionTimeMs': [1500, 3200],
        },
        'minimumSidePx': 96,
    },
    'input': {
        'name': 'stack',
        'kind': 'stack',
        'shape': [1, 3, BRAIN_SIDE, BRAIN_SIDE],
        'layout': 'NCHW',
        'type': 'float32',
        'stepMm': 5,
    },
    'preprocess': {
        'from': 'modality',
        # The 90th percentile lies within the head, and a quarter of it above doubled noise of the air:
        # neither hot pixels nor noise move it much.
        'foreground': {'threshold': 0.25, 'ofPercentile': 90},
        'steps': [
            {'op': 'orient', 'row': 'L', 'column': 'P'},
            {'op': 'crop-foreground', 'minimumFraction': 0.08, 'margin': 0, 'shape': 'square', 'statistics': 'series'},
            {'op': 'resize', 'rows': BRAIN_SIDE, 'columns': BRAIN_SIDE, 'interpolation': 'area'},
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
    },
    'outputs': [{'name': 'abnormality', 'kind': 'probability-map', 'activation': 'sigmoid', 'labels': [ABNORMALITY]}],
    'findings': {'minimumPixels': 12, 'minimumAreaMm2': 20, 'acrossSlices': True},
    'training': {
        'data': 'Buda M, Saha A, Mazurowski MA, LGG MRI Segmentation (CC BY-NC-SA 4.0), pictures of the TCGA-LGG collection '
        'of The Cancer Imaging Archive: FLAIR of 79 patients, 1,823 slices.',
        'code': 'models/training/train_brain_flair.py',
    },
}

PACKAGES = {p['id']: p for p in (CHEST_PNEUMONIA, CHEST_LUNGS, BRAIN_FLAIR)}
