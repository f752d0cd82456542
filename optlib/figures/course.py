"""What the figures know of the course: its chapters, and where each rule has its place."""

CHAPTERS = {  # as in _toc.yml; a test compares
    1: "01_gradient_descent",
    2: "02_momentum",
    3: "03_adaptive",
    4: "04_bias_correction",
    5: "05_adam",
}
CHAPTER_OF = {  # chapters 7 and 8 are planned
    "GradientDescent": 1,
    "Momentum": 2,
    "Nesterov": 2,
    "AdaGrad": 3,
    "RMSProp": 3,
    "CenteredRMSProp": 3,
    "RMSPropMomentum": 3,
    "RMSPropNesterov": 3,
    "Adadelta": 3,
    "bias": 4,
    "Adam": 5,
    "LaProp": 5,
    "AdamW": 7,
    "AMSGrad": 7,
    "NAdam": 8,
}


def page_of(rule, ending):
    """The page of the chapter that derives a rule, or None while there is no such chapter.

    ``ending`` is "html" for a picture on a page, "ipynb" for a notebook's text.
    """
    chapter = CHAPTERS.get(CHAPTER_OF[rule])
    return chapter and f"{chapter}.{ending}"
