package dev.proteus.tensor;

import dev.proteus.op.Index;
import dev.proteus.op.Indexing;
import dev.proteus.op.Op;
import dev.proteus.op.Place;
import dev.proteus.op.Scatter;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// The operators that write elements by index into the tensor they are called on.
///
/// An index out of range is an error before anything is written (rule IX-7).
sealed interface InPlaceIndexOps permits Tensor {
  Tensor applyInPlace(Op op, List<Tensor> inputs);

  Tensor self();

  /// Writes `value`, broadcast, to what the indices read, or adds it there; with index tensors,
  /// `ADD` adds once for each time that an index repeats (rule IX-6).
  default Tensor indexPut_(List<Index<Tensor>> indices, Tensor value, Place.Mode mode) {
    Indexing<Tensor> places = new Indexing<>(self(), indices);
    Tensor region = places.region();
    if (places.isView()) {
      Tensor filling = places.filling(value);
      switch (mode) {
        case SET -> region.copy_(filling);
        case ADD -> region.add_(filling);
      }
      return self();
    }
    places
        .direct(value, mode)
        .ifPresentOrElse(
            write -> region.applyInPlace(write.scatter(), write.operands()),
            () -> region.copy_(places.changed(value, mode)));
    return self();
  }

  /// Writes `source` to the places that `gather` would read; of several for one place, the last.
  default Tensor scatter_(int axis, Tensor index, Tensor source) {
    return scattered_(axis, index, source, Scatter.Mode.SET);
  }

  /// Writes a number to the places that `gather` would read.
  default Tensor scatter_(int axis, Tensor index, Scalar value) {
    return scatter_(axis, index, filled(value).expand(index.shape()));
  }

  /// Adds `source` at the places that `gather` would read.
  default Tensor scatterAdd_(int axis, Tensor index, Tensor source) {
    return scattered_(axis, index, source, Scatter.Mode.ADD);
  }

  private Tensor scattered_(int axis, Tensor index, Tensor source, Scatter.Mode mode) {
    int at = self().shape().axis(axis, "scatter_");
    Tensor target = atLeast1d(self());
    target.applyInPlace(
        new Scatter(at, mode), List.of(target, atLeast1d(index), atLeast1d(source)));
    return self();
  }

  private static Tensor atLeast1d(Tensor x) {
    return x.rank() == 0 ? x.unsqueeze(0) : x;
  }

  /// Adds the elements of `source` along `axis` at each of `index`.
  default Tensor indexAdd_(int axis, Tensor index, Tensor source) {
    return lines_(axis, index, source, Place.Mode.ADD);
  }

  /// Writes the elements of `source` along `axis` to each of `index`.
  default Tensor indexCopy_(int axis, Tensor index, Tensor source) {
    return lines_(axis, index, source, Place.Mode.SET);
  }

  /// Writes a number to each of `index` along `axis`.
  default Tensor indexFill_(int axis, Tensor index, Scalar value) {
    return lines_(axis, index, filled(value), Place.Mode.SET);
  }

  /// A tensor without axes is one element along an axis (rule DT-34).
  private Tensor lines_(int axis, Tensor index, Tensor value, Place.Mode mode) {
    atLeast1d(self()).indexPut_(lines(axis, index), value, mode);
    return self();
  }

  private Tensor filled(Scalar value) {
    return self().full(self().spec().withShape(Shape.SCALAR), value);
  }

  private List<Index<Tensor>> lines(int axis, Tensor index) {
    List<Index<Tensor>> indices = new ArrayList<>();
    for (int before = self().shape().axis(axis, "index_"); before > 0; before--) {
      indices.add(Index.all());
    }
    indices.add(Index.at(atLeast1d(index)));
    return indices;
  }
}
