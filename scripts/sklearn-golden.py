"""Writes test/golden/baselines/: what scikit-learn, SciPy and NumPy make of small sets of points and of photos.

    python3 -m venv /tmp/venv-sk && /tmp/venv-sk/bin/pip install scikit-learn scipy numpy
    /tmp/venv-sk/bin/python scripts/sklearn-golden.py

Made with scikit-learn 1.9.1, SciPy 1.17.1 and NumPy 2.4.6. Photos are those of test/golden/corruptions/inputs.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from scipy.linalg import inv, sqrtm
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

golden = Path(__file__).parent.parent / "test/golden"
out = golden / "baselines"
out.mkdir(exist_ok=True)
photos = np.load(golden / "corruptions/inputs/big_32.npy")[:100]
flat = photos.reshape(100, -1) / 255
rng = np.random.default_rng(20)


def write(name, value):
    text = json.dumps(value, default=lambda array: array.tolist(), separators=(",", ":"))
    (out / f"{name}.json").write_text(text + "\n")


def blobs(sizes, d):
    """Points around random centres, at two decimals."""
    centres = rng.normal(size=(len(sizes), d)) * 2
    spread = rng.uniform(0.3, 1.2, size=(len(sizes), d))
    rows = [centre + s * rng.normal(size=(n, d)) for centre, s, n in zip(centres, spread, sizes)]
    return np.round(rng.permutation(np.concatenate(rows)), 2)


def k_means(points, start):
    found = KMeans(len(start), init=start, n_init=1, tol=0, algorithm="lloyd").fit(points)
    assert found.n_iter_ < 300
    return {"centres": found.cluster_centers_, "labels": found.labels_, "inertia": found.inertia_}


points = blobs([20, 15, 10, 10, 5], 4)
# The last centre is nearest to no point: its cluster is filled from elsewhere.
far = np.concatenate([points[:3], [[90.0, 90.0, 90.0, 90.0]]])
standard = StandardScaler().fit_transform(flat)
of_photos = k_means(standard, standard[:5])
write(
    "k-means",
    {
        "points": points,
        "near": {"start": points[:5], **k_means(points, points[:5])},
        "far": {"start": far, **k_means(points, far)},
        # The numbers of 100 photos, standardised, from the first five on; of each centre the first numbers.
        "photos": {**of_photos, "centres": of_photos["centres"][:, :6]},
    },
)


def mixture(points, start, iterations, tol):
    k = len(start["weights"])
    model = GaussianMixture(
        k,
        covariance_type="diag",
        reg_covar=1e-4,
        tol=tol,
        max_iter=iterations,
        weights_init=start["weights"],
        means_init=start["means"],
        precisions_init=1 / np.array(start["variances"]),
    ).fit(points)
    return {
        "iterations": iterations,
        "tolerance": tol,
        "weights": model.weights_,
        "means": model.means_,
        "variances": model.covariances_,
        "logDensity": model.lower_bound_,
    }


points = blobs([30, 20, 15], 3)
start = {"weights": [0.5, 0.25, 0.25], "means": points[:3], "variances": np.full((3, 3), 2.0)}


with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # scikit-learn warns where the iterations end before the tolerance is met
    fits = [mixture(points, start, 1, 0), mixture(points, start, 7, 0), mixture(points, start, 100, 1e-3)]
write("gaussian-mixture", {"points": points, "start": start, "fits": fits})


def pca(points, k, rows, columns):
    model = PCA(k, whiten=True, svd_solver="full").fit(points)
    # The sign that scikit-learn chooses has changed; ours: in each direction the entry of largest size is positive.
    largest = np.abs(model.components_).argmax(axis=1)
    signs = np.sign(model.components_[np.arange(k), largest])
    white = model.transform(points) * signs
    return {
        "variances": model.explained_variance_,
        "directions": (model.components_ * signs[:, None])[:, columns],
        "whitened": white[rows],
        "restored": model.inverse_transform(white * signs)[rows][:, columns],
    }


points = blobs([6, 5], 5)
few = blobs([4, 3], 10)
write(
    "pca",
    {
        "wide": {"points": few, "k": 6, **pca(few, 6, slice(None), slice(None))},
        "tall": {"points": points, "k": 3, **pca(points, 3, slice(None), slice(None))},
        # 100 photos; two of them whitened, and every 512th number of the directions.
        "photos": {"k": 32, **pca(flat, 32, slice(2), slice(None, None, 512))},
    },
)


def covariance(d):
    a = rng.normal(size=(d, d + 2))
    return np.round(a @ a.T / d + 0.05 * np.eye(d), 4)


matrices = [covariance(d) for d in (1, 2, 3, 8)]
write(
    "matrix-roots",
    [{"matrix": m, "root": sqrtm(m).real, "inverse": inv(sqrtm(m)).real} for m in matrices],
)

spectra = []
for shape in [(1, 1), (2, 3), (4, 4), (6, 10), (5, 7), (8, 4)]:
    values = np.round(rng.normal(size=shape), 3)
    found = np.fft.fft2(values)
    spectra.append({"values": values, "real": found.real, "imaginary": found.imag})
write("fourier", spectra)


def power(matrix, exponent):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.maximum(values, 0) ** exponent) @ vectors.T


def styled(image, style):
    x, s = image.reshape(-1, 3) / 255, style.reshape(-1, 3) / 255
    whitening = power(np.cov(x.T) + 1e-5 * np.eye(3), -0.5)
    x = (x - x.mean(0)) @ (power(np.cov(s.T), 0.5) @ whitening).T + s.mean(0)
    x, s = np.fft.fft2(x.reshape(image.shape), axes=(0, 1)), np.fft.fft2(style / 255, axes=(0, 1))
    x = np.fft.ifft2(np.abs(s) * np.exp(1j * np.angle(x)), axes=(0, 1)).real
    return np.clip(np.round(255 * x), 0, 255).astype(np.uint8)


# Photo i in the style of photo 5 - i.
inputs = np.load(golden / "corruptions/inputs/inputs_32.npy")
np.save(out / "styled.npy", np.stack([styled(inputs[i], inputs[5 - i]) for i in range(6)]))
