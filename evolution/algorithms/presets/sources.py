"""Where the values of presets come from; see docs/presets.md."""

PAPER = "Nguyen, Yosinski & Clune 2015"
CODE = "Evolving-AI-Lab/fooling, sferes/exp/images"
MNIST_CODE = f"{CODE}/dl_map_elites_images_mnist.cpp"
IMAGENET_CODE = f"{CODE}/dl_map_elites_images.cpp"
IMAGENET_DIRECT_CODE = f"{CODE}/dl_map_elites_images_imagenet_direct_encoding.cpp"

DIRECT = {
    "encoding.rates.mutation": f"{PAPER}, §2.2: 0.1 per pixel; code: evo_float::mutation_rate",
    "encoding.rates.eta": f"{PAPER}, §2.2: polynomial, strength 15; code: evo_float::eta_m",
}
SINGLE_TARGET = {
    "algorithm.size": "Evolving-AI-Lab/innovation-engine, dl_rank_simple_images.cpp: pop::size",
    "algorithm.keep_rate": f"{MNIST_CODE}: pop::keep_rate",
    "algorithm.coefficient": f"{MNIST_CODE}: pop::coeff",
}
SBX = {
    "encoding.rates.crossover.rate": f"{CODE}: evo_float::cross_rate",
    "encoding.rates.crossover.eta": f"{CODE}: evo_float::eta_c",
    "encoding.rates.crossover.equal_genes": (
        f"{CODE}: genes that agree within float epsilon are not written and stay 0.5; "
        "sferes2 corrected it in 2018 (bae2272)"
    ),
}


def cppn(file: str) -> dict[str, str]:
    """The sources of the rates of CPPNs, which all experiments share. file: of the code."""
    return {
        "encoding.rates.weight": f"{file}: evo_float::mutation_rate",
        "encoding.rates.weight_eta": f"{file}: evo_float::eta_m",
        "encoding.rates.activation": f"{file}: cppn::sampled",
        "encoding.rates.add_connection": f"{file}: dnn::m_rate_add_conn",
        "encoding.rates.delete_connection": f"{file}: dnn::m_rate_del_conn",
        "encoding.rates.add_neuron": f"{file}: dnn::m_rate_add_neuron",
        "encoding.rates.delete_neuron": f"{file}: dnn::m_rate_del_neuron",
    }


def map_elites(file: str) -> dict[str, str]:
    return {
        "algorithm.initial": f"{file}: pop::init_size",
        "algorithm.children": f"{file}: pop::size",
    }
