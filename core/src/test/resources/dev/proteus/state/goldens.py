"""Writes the golden files beside it with NumPy: python3 goldens.py (written by NumPy 2.4.6)."""
import os
import zipfile
import numpy as np
from numpy.lib import format as npy

os.chdir(os.path.dirname(os.path.abspath(__file__)))
values = [0, 1, 2, 3, 100, 1]
kinds = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u1", "b1"]
arrays = {kind: np.array(values).reshape(2, 3).astype(kind) for kind in kinds}
arrays.update({"big_" + kind: arrays[kind].astype(">" + kind) for kind in kinds[:6]})
cube = np.arange(24, dtype="<f4").reshape(2, 3, 4)
arrays["fortran"] = np.asfortranarray(cube)
arrays["fortran_big"] = np.asfortranarray(cube.astype(">f4"))
arrays["scalar"] = np.float32(1.5)
arrays["empty"] = np.zeros((0, 3), "<f4")
arrays["größe/λ"] = np.array([1, 2], "<i8")
arrays["special"] = np.array([np.nan, np.inf, -np.inf, -0.0, 65504, 6e-8], "<f2")
np.savez("stored.npz", **arrays)
np.savez_compressed("deflated.npz", **arrays)
for version in [(1, 0), (2, 0), (3, 0)]:
    with open("version%d.npy" % version[0], "wb") as file:
        npy.write_array(file, cube, version=version)
with open("objects.npy", "wb") as file:
    npy.write_array(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
zipfile.ZIP64_LIMIT = 16  # so that Python writes the records of an archive of more than 4 GiB
zipfile.ZIP_FILECOUNT_LIMIT = 1
np.savez("zip64.npz", first=cube, second=arrays["i2"])
np.save("fields.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]))
