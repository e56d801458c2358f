package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.codegen.Product;
import dev.proteus.codegen.Tile;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;

/// Runs products of matrices: packs the left operand, then multiplies.
final class Products {
  /// Terms that take about as long as an element of a map.
  private static final long TERMS = 8;

  private Products() {}

  /// The buffers of a product.
  ///
  /// @param bias read only if the product has one
  record Buffers(Buffer left, Buffer right, Buffer bias, Buffer result) {}

  static void run(OpenClBackend backend, Product product, Buffers buffers) {
    Programs programs = backend.programs();
    DType dtype = product.right().dtype();
    int bytes = dtype.accumulator().bytes();
    Tile tile = Tile.of(dtype, programs.vectorBytes());
    Product.Cut cut = product.cut(programs.loops(), tile, programs.enough());
    long work =
        product.count() * product.m() * product.n() * product.k() * product.blocks() / TERMS;
    long packed = product.packed(tile);
    OpenClStorage left = backend.allocate(packed * bytes);
    OpenClStorage room =
        backend.allocate(roomFor(programs, product, tile, cut.tasks(), work) * bytes);
    try {
      programs.launch(
          programs.entry(product.packing(tile)),
          List.of(buffers.left(), left.buffer()),
          product.packingWords(),
          packed);
      List<Buffer> all =
          new ArrayList<>(
              List.of(left.buffer(), buffers.right(), buffers.bias(), buffers.result()));
      all.add(room.buffer());
      programs.launchTeams(
          programs.entry(product.source(tile)), all, product.words(tile, cut), cut.tasks(), work);
    } finally {
      room.release();
      left.release();
    }
  }

  /// Values of the panels that items pack for themselves.
  private static long roomFor(
      Programs programs, Product product, Tile tile, long tasks, long work) {
    return switch (programs.loops()) {
      case CHUNKS -> programs.teams(tasks, work) * product.k() * tile.columns();
      case STRIPES -> 0;
    };
  }
}
