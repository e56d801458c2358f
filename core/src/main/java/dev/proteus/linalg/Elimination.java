package dev.proteus.linalg;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;

/// Gaussian elimination with row pivots of a matrix of any shape, also a singular one: rows of A in
/// `order` are L · U.
///
/// Commons Math factors square matrices only, and gives no factors of singular ones.
final class Elimination {
  private final double[][] lu;
  private final int[] order;
  private final int columns;
  private int swaps;

  Elimination(RealMatrix a) {
    lu = a.getData();
    columns = a.getColumnDimension();
    order = new int[lu.length];
    for (int row = 0; row < lu.length; row++) {
      order[row] = row;
    }
    for (int step = 0; step < side(); step++) {
      swap(step, pivot(step));
      if (lu[step][step] != 0) {
        eliminate(step);
      }
    }
  }

  private int side() {
    return Math.min(lu.length, columns);
  }

  private int pivot(int step) {
    int best = step;
    for (int row = step + 1; row < lu.length; row++) {
      if (Math.abs(lu[row][step]) > Math.abs(lu[best][step])) {
        best = row;
      }
    }
    return best;
  }

  private void swap(int a, int b) {
    if (a != b) {
      double[] row = lu[a];
      lu[a] = lu[b];
      lu[b] = row;
      int number = order[a];
      order[a] = order[b];
      order[b] = number;
      swaps++;
    }
  }

  private void eliminate(int step) {
    for (int row = step + 1; row < lu.length; row++) {
      double factor = lu[row][step] / lu[step][step];
      lu[row][step] = factor;
      for (int column = step + 1; column < columns; column++) {
        lu[row][column] -= factor * lu[step][column];
      }
    }
  }

  /// 1 or -1, the sign of the permutation.
  double parity() {
    return swaps % 2 == 0 ? 1 : -1;
  }

  /// The diagonal of U, whose product is the determinant but for the parity.
  double[] diagonal() {
    double[] diagonal = new double[side()];
    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] = lu[i][i];
    }
    return diagonal;
  }

  double determinant() {
    double product = parity();
    for (double pivot : diagonal()) {
      product *= pivot;
    }
    return product;
  }

  /// P with A = P · L · U.
  RealMatrix permutation() {
    double[][] p = new double[lu.length][lu.length];
    for (int row = 0; row < lu.length; row++) {
      p[order[row]][row] = 1;
    }
    return new Array2DRowRealMatrix(p, false);
  }

  RealMatrix lower() {
    double[][] lower = new double[lu.length][side()];
    for (int row = 0; row < lu.length; row++) {
      for (int column = 0; column < Math.min(row, side()); column++) {
        lower[row][column] = lu[row][column];
      }
      if (row < side()) {
        lower[row][row] = 1;
      }
    }
    return new Array2DRowRealMatrix(lower, false);
  }

  RealMatrix upper() {
    double[][] upper = new double[side()][columns];
    for (int row = 0; row < side(); row++) {
      System.arraycopy(lu[row], row, upper[row], row, columns - row);
    }
    return new Array2DRowRealMatrix(upper, false);
  }
}
