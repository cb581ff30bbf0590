"""Writes test/golden/augment/: what Pillow makes of small images with the operations of AugMix.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pillow "numpy<2"
    /tmp/venv/bin/python scripts/pillow-golden.py

Made with Pillow 13.0.0. Two images of 10x12 pixels made here are kept with every result, to look at. For the photos of
test/golden/corruptions/inputs, 32 and 64 pixels wide, only the SHA-256 of all results together is kept, since they
must agree in every byte.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

golden = Path(__file__).parent.parent / "test/golden"
out = golden / "augment"


def affine(image, *matrix):
    return image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)


OPERATIONS = {
    "autocontrast": lambda image, _: ImageOps.autocontrast(image),
    "equalize": lambda image, _: ImageOps.equalize(image),
    "posterize": lambda image, bits: ImageOps.posterize(image, bits),
    "rotate": lambda image, degrees: image.rotate(degrees, resample=Image.Resampling.BILINEAR),
    "solarize": lambda image, threshold: ImageOps.solarize(image, threshold),
    "shear_x": lambda image, amount: affine(image, 1, amount, 0, 0, 1, 0),
    "shear_y": lambda image, amount: affine(image, 1, 0, 0, amount, 1, 0),
    "translate_x": lambda image, pixels: affine(image, 1, 0, pixels, 0, 1, 0),
    "translate_y": lambda image, pixels: affine(image, 1, 0, 0, 0, 1, pixels),
}
SHEARS = [-0.3, -0.0871, -0.003, 0.003, 0.05, 0.1234567, 0.3]
FEW = {
    "autocontrast": [0],
    "equalize": [0],
    "posterize": [3, 4],
    "rotate": [-30, -7, 1, 8],
    "solarize": [180, 254],
    "shear_x": [-0.0871, 0.3],
    "shear_y": [-0.0871, 0.3],
    "translate_x": [-3, 2],
    "translate_y": [-3, 2],
}
MANY = {
    "autocontrast": [0],
    "equalize": [0],
    "posterize": [1, 2, 3, 4],
    "rotate": list(range(-30, 31)),
    "solarize": [0, 1, 128, 180, 254, 255, 256],
    "shear_x": SHEARS,
    "shear_y": SHEARS,
    "translate_x": [-21, -3, -1, 0, 1, 3, 21],
    "translate_y": [-21, -3, -1, 0, 1, 3, 21],
}


def small_images():
    """One of random bytes; one whose channels are flat, of two values, and of three with one value almost alone."""
    random = np.random.default_rng(0).integers(0, 256, (12, 10, 3), dtype=np.uint8)
    poor = np.zeros((12, 10, 3), dtype=np.uint8)
    poor[..., 0] = 77
    poor[..., 1] = 40
    poor[3:5, :, 1] = 90
    poor[..., 2] = 200
    poor[0, :5, 2] = [10, 20, 20, 30, 10]
    return np.stack([random, poor])


def apply(name, amount, images):
    results = [np.asarray(OPERATIONS[name](Image.fromarray(image), amount)) for image in images]
    return np.stack(results)


small = small_images()
results = [(name, amount) for name, amounts in FEW.items() for amount in amounts]
np.save(out / "small.npy", small)
np.save(out / "small-results.npy", np.stack([apply(name, amount, small) for name, amount in results]))
photos = {size: np.load(golden / f"corruptions/inputs/inputs_{size}.npy") for size in (32, 64)}
digests = [
    {
        "operation": name,
        "amount": amount,
        **{
            f"sha256of{size}": hashlib.sha256(apply(name, amount, images).tobytes()).hexdigest()
            for size, images in photos.items()
        },
    }
    for name, amounts in MANY.items()
    for amount in amounts
]
cases = {
    "small": [{"operation": name, "amount": amount} for name, amount in results],
    "photos": digests,
}
lines = ",\n".join(
    f' "{key}": [\n' + ",\n".join(f"  {json.dumps(case)}" for case in values) + "\n ]"
    for key, values in cases.items()
)
(out / "cases.json").write_text("{\n" + lines + "\n}\n")
