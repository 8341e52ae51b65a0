package org.einscale.scaling.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import org.knowm.xchart.style.markers.Marker;

/** A diamond that shows what lies below it, larger than other markers so that it frames them. */
final class OpenDiamond extends Marker {

    private static final double LARGER = 0.85;

    @Override
    public void paint(Graphics2D g, double x, double y, int size) {
        double r = LARGER * size;
        var diamond = new Path2D.Double();
        diamond.moveTo(x, y - r);
        diamond.lineTo(x + r, y);
        diamond.lineTo(x, y + r);
        diamond.lineTo(x - r, y);
        diamond.closePath();
        g.setColor(Color.BLACK);
        g.setStroke(new BasicStroke(3));
        g.draw(diamond);
    }
}
