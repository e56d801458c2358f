package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// The elements at the places that a grid names, between elements too.
///
/// Operands: x `[N, C, *S]` and a grid `[N, *O, r]`, where r is the number of spatial axes: each
/// place from -1 to 1, the component of the last axis first. The result is `[N, C, *O]`.
///
/// @param mode how values between elements are found
/// @param padding what lies outside of -1 to 1
/// @param corners whether -1 and 1 are the centres of the outer elements, or their outer edges
public record GridSample(Mode mode, Padding padding, Interpolate.Corners corners)
    implements Composite {
  /// How values between elements are found.
  public enum Mode {
    /// Lines between neighbours, along one axis after the other.
    LINEAR,
    /// The nearest element, the even one of two as near.
    NEAREST
  }

  /// What lies outside of -1 to 1.
  public enum Padding {
    ZEROS,
    /// The outer elements.
    BORDER,
    /// The elements mirrored at the border, as often as needed.
    REFLECTION
  }

  @Override
  public String name() {
    return "gridSample";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    Shape x = inputs.get(0).shape();
    Shape grid = inputs.get(1).shape();
    Operands.atLeast(name(), "x", x, 3);
    int rank = x.rank() - 2;
    if (grid.rank() != x.rank() || grid.size(0) != x.size(0) || grid.size(-1) != rank) {
      throw new ShapeException(
          "gridSample: the grid is %s for x %s; it must be [%s, *, %s] with %s axes"
              .formatted(grid, x, x.size(0), rank, x.rank()));
    }
    if (x.slice(2, x.rank()).numel() == 0) {
      throw new ShapeException("gridSample: x is %s; it must have elements".formatted(x));
    }
    Shape shape = x.slice(0, 2).concat(grid.slice(1, grid.rank() - 1));
    return List.of(inputs.getFirst().withShape(shape));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.get(0);
    Shape shape = x.spec().shape();
    Shape result = infer(inputs.stream().map(Value::spec).toList()).getFirst().shape();
    Shape spatial = shape.slice(2, shape.rank());
    T grid = inputs.get(1).to(x.spec().dtype().accumulator());
    T places = grid.maskedFill(grid.isnan(), -1L).reshape(shape.size(0), -1, spatial.rank());
    T flat = x.reshape(shape.slice(0, 2).concat(Shape.of(spatial.numel())));
    T sum =
        corners(places, spatial).stream()
            .map(corner -> corner.read(flat))
            .reduce(ArithmeticOps::add)
            .orElseThrow();
    return List.of(sum.reshape(result));
  }

  /// The elements that a place is made of: the nearest, or all corners of the cell it lies in.
  private <T extends TensorOps<T>> List<Corner<T>> corners(T places, Shape spatial) {
    T any = places.select(2, 0);
    List<Corner<T>> cell =
        List.of(new Corner<>(any.zeros(any.spec().withDType(DType.INT64)), any.ones(any.spec())));
    for (int axis = 0; axis < spatial.rank(); axis++) {
      long size = spatial.size(axis);
      T position = position(places, spatial, axis);
      List<Corner<T>> next = new ArrayList<>();
      for (Corner<T> corner : cell) {
        switch (mode) {
          case NEAREST -> next.add(corner.along(position.round(), any.ones(any.spec()), size));
          case LINEAR -> {
            T low = position.floor();
            T share = position.sub(low);
            next.add(corner.along(low, share.rsub(1L), size));
            next.add(corner.along(low.add(1L), share, size));
          }
        }
      }
      cell = next;
    }
    return cell;
  }

  /// Where along a spatial axis the places lie, counted in elements.
  private <T extends TensorOps<T>> T position(T places, Shape spatial, int axis) {
    T place = places.select(2, spatial.rank() - 1 - axis);
    long size = spatial.size(axis);
    boolean aligned = corners == Interpolate.Corners.ALIGNED;
    T position =
        aligned
            ? place.add(1L).mul((size - 1) / 2.0)
            : place.add(1L).mul((double) size).sub(1L).div(2.0);
    return switch (padding) {
      case ZEROS -> position;
      case BORDER -> position.clamp(0.0, size - 1.0);
      case REFLECTION ->
          (aligned ? mirrored(position, 0, size - 1.0) : mirrored(position, -0.5, (double) size))
              .clamp(0.0, size - 1.0);
    };
  }

  /// A position mirrored at `start` and at `start + span`.
  private static <T extends TensorOps<T>> T mirrored(T position, double start, double span) {
    if (span == 0) {
      return position.mul(0L);
    }
    T distance = position.sub(start).abs();
    T rest = distance.fmod(span);
    T isBackwards = distance.div(span).floor().fmod(2L).ne(0L);
    return rest.rsub(span).where(isBackwards, rest).add(start);
  }

  /// One element for each place `[N, P]`.
  ///
  /// @param index its number among the spatial elements, row-major
  /// @param weight its share; 0 outside of the operand
  private record Corner<T extends TensorOps<T>>(T index, T weight) {
    /// The corner with a position along one more axis.
    Corner<T> along(T position, T share, long size) {
      T inside = position.ge(0L).logicalAnd(position.le(size - 1));
      T place = position.clamp(0.0, size - 1.0).to(DType.INT64);
      return new Corner<>(
          index.mul(size).add(place), weight.mul(share).mul(inside.to(share.spec().dtype())));
    }

    /// Its values in `[N, C, elements]`, weighted.
    T read(T flat) {
      Shape shape = flat.spec().shape().with(2, index.spec().shape().size(1));
      T values = flat.gather(2, index.unsqueeze(1).expand(shape));
      return values.mul(weight.unsqueeze(1).to(flat.spec().dtype()));
    }
  }
}
