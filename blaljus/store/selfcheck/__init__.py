"""What the self-check looks at: whole tables of every municipality."""
